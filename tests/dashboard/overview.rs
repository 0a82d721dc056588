//! The overview: how one begins, whether all is well, how things went, what runs and waits now, what failed last.

use std::process::Command;

use api::history::Status;
use api::overview::Overview;
use api::tool::ToolResponse;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::history::{Past, record};
use crate::harness::{Browser, ModelServer, PYTHON_CODER, Server};

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

#[test]
fn a_new_server_shows_a_command_that_works() {
    let server = Server::with().start();
    let page = Browser::open(&server, "/");
    page.sees("Nothing has run yet").sees("All is well").axe();
    let response = pasted(&server, &page.text(".welcome-command code"));
    assert_eq!(response.data.stdout, "42\n", "{response:?}");
    page.lacks("Nothing has run yet").sees("1 of 1 that ended");
}

/// Does what a command says, in a shell where there is `curl`.
fn pasted(server: &Server, command: &str) -> ToolResponse {
    if Command::new("curl").arg("--version").output().is_err() {
        let (head, body) = command.split_once(" -d ").unwrap();
        assert!(head.starts_with("curl -s http://"), "{command}");
        assert!(head.ends_with(PYTHON_CODER), "{command}");
        let body: Value = serde_json::from_str(body.trim_matches('\'')).unwrap();
        return server.http().post_json(PYTHON_CODER, &body).json();
    }
    let ran = Command::new("sh").args(["-c", command]).output().unwrap();
    serde_json::from_slice(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// Two in ten failed, within the last hour and before it.
fn ten_executions() -> TempDir {
    let data = TempDir::new().unwrap();
    let past: Vec<_> = (0..10)
        .map(|number| {
            let began = Timestamp::now() - (40 * number + 5_i64).minutes();
            let past = Past::of(&format!("session-{}", number % 3), began, "print('hi')");
            let past = past.taking(0.05 + 0.09 * number as f64, 1);
            match number {
                1 | 8 => past.standing(Status::Failed, "ValueError: of old"),
                _ => past,
            }
        })
        .rev()
        .collect();
    record(data.path(), &past);
    data
}

/// What a figure's card says, in a line.
fn figure(page: &Browser, name: &str) -> String {
    let script = format!(
        "return [...document.querySelectorAll('.figure-card')].map((card) => card.innerText.replace(/\\s+/g, ' '))
             .find((text) => text.startsWith('{name}'))"
    );
    page.script(&script).as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_figures_are_those_of_the_api() {
    let server = Server::with().start_in(ten_executions());
    let page = Browser::open(&server, "/");
    page.find(".figure-card").axe();
    let overview: Overview = server.http().get("/api/overview?hours=24").json();
    let ms = |seconds: Option<f64>| format!("{:.0} ms", seconds.unwrap() * 1000.0);
    for (name, shown) in [
        ("Success rate", "80 % 8 of 10 that ended".to_owned()),
        (
            "Executions",
            format!("{} in {} sessions", overview.total.all(), overview.sessions),
        ),
        (
            "Median time",
            format!(
                "{} 95 % within {}",
                ms(overview.p50_seconds),
                ms(overview.p95_seconds)
            ),
        ),
        ("Attempts per success", "1 1 is the first try".to_owned()),
        ("Model tokens", "0 no model was asked".to_owned()),
    ] {
        assert_eq!(figure(&page, name), format!("{name} {shown}"));
    }
    page.click(".chart-table summary").find(".chart-table td");
    let told = page.script(
        "return [...document.querySelectorAll('.chart-table td')].reduce((sum, cell) => sum + Number(cell.innerText), 0)",
    );
    assert_eq!(told, overview.total.all(), "the chart's table has them all");
}

#[test]
fn another_stretch_of_time_is_in_the_address() {
    let server = Server::with().start_in(ten_executions());
    let page = Browser::open(&server, "/");
    page.sees("8 of 10 that ended");
    page.click("a[href='/?hours=1']").sees("1 of 2 that ended");
    page.reload();
    page.sees("1 of 2 that ended").is_at("/?hours=1");
    page.find("a[href='/?hours=1'][aria-current=true]");
    page.back();
    page.sees("8 of 10 that ended");
}

#[test]
fn a_day_without_executions_is_not_the_first() {
    let data = TempDir::new().unwrap();
    let began = Timestamp::now() - 80.hours();
    record(data.path(), &[Past::of("old", began, "print('hi')")]);
    let server = Server::with().start_in(data);
    let page = Browser::open(&server, "/");
    page.sees("Nothing ran in the last 24 hours")
        .sees("Nothing failed in the last 24 hours")
        .lacks("Nothing has run yet")
        .axe();
    page.click("a[href='/?hours=168']")
        .sees("1 of 1 that ended");
}

#[test]
fn what_fails_is_listed_as_it_happens_and_leads_to_the_execution() {
    let server = Server::with().start();
    server.session_called("sums").run("print('hi')");
    let page = Browser::open(&server, "/");
    page.sees("Nothing failed in the last 24 hours");
    let failed = server.session_called("sums").run("# Divide\n1/0");
    page.sees("ZeroDivisionError: division by zero")
        .sees("1 of 2 that ended")
        .find(".failure a[href='/sessions/sums']");
    page.click_text("ZeroDivisionError: division by zero")
        .is_at(&format!("/executions/{}", failed.execution_id()));
}

#[test]
fn what_waits_for_a_person_is_shown_now() {
    let model = ModelServer::replying([]);
    let server = Server::asking(&model)
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let page = Browser::open(&server, "/");
    page.sees("Nothing has run yet");
    let waits = server.session_called("careful").run("print('may I?')");
    let row = format!(".now a[href='/executions/{}']", waits.execution_id());
    page.find(&row).sees("Awaiting approval").axe();
    page.click(&row).sees("This code waits for you");
}

#[test]
fn python_that_can_not_be_reached_is_said() {
    let server = Server::with().variable("python_url", NOWHERE).start();
    let page = Browser::open(&server, "/");
    page.sees("Python can't be reached")
        .sees("Nothing can run until the python service answers")
        .lacks("All is well")
        .axe();
    page.expect_console_error("503");
    page.click_text("See the settings")
        .sees("The python service can't be reached")
        .sees(NOWHERE)
        .axe();
}

#[test]
fn what_could_not_be_fetched_is_said_and_fetched_again() {
    let server = Server::with().start_in(ten_executions());
    let page = Browser::open(&server, "/settings");
    page.cut_off(&["*/api/overview*"]).go("/");
    page.sees("Vivarium does not answer").axe();
    page.cut_off(&[]).click_text("Try again");
    page.sees("8 of 10 that ended");
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}

#[test]
fn a_server_that_goes_away_is_said() {
    let server = Server::with().start_in(ten_executions());
    let page = Browser::open(&server, "/");
    page.sees("All is well");
    drop(server.kill());
    // What was there stays.
    page.sees("Vivarium does not answer")
        .sees("8 of 10 that ended");
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}
