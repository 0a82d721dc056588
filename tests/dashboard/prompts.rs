//! The prompt log: what was said to the model and what it said, what narrows the list, and the file.

use api::history::{Page, PromptLogEntry, Status};
use api::tool::Mode;
use jiff::{Timestamp, ToSpan as _};
use tempfile::TempDir;

use crate::harness::history::{Past, record};
use crate::harness::{Browser, ModelServer, Say, Server};

/// What stays text, wherever it is shown.
const HOSTILE: &str = "<img src=x onerror='window.bad = 1'><script>window.bad = 1</script>";

fn log(server: &Server, query: &str) -> String {
    let path = format!("/api/logs/prompts.log{query}");
    server.http().get(&path).expect(200).text().to_owned()
}

/// The block of the newest execution.
fn newest(server: &Server) -> String {
    let mut page: Page<PromptLogEntry> = server.http().get("/api/logs/prompts").json();
    page.items.remove(0).text
}

#[test]
fn an_empty_log_says_so() {
    let server = Server::with().start();
    let page = Browser::open(&server, "/prompts");
    page.sees("The log is empty").sees("Run something").axe();
    server.run("print('hi')");
    page.has(1, "[data-row]");
}

#[test]
fn a_program_that_no_model_saw_has_its_block() {
    let server = Server::with().start();
    server
        .session_called("plain")
        .run("print('hi')")
        .succeeded();
    let page = Browser::open(&server, "/prompts");
    page.click("[data-row]").sees("No model was asked").axe();
    assert_eq!(page.text(".long").trim_end(), newest(&server).trim_end());
    page.click("a[href='/sessions/plain']")
        .is_at("/sessions/plain");
}

#[test]
fn what_was_said_to_the_model_and_what_came_back() {
    let reply = format!("As you wish, {HOSTILE}:\n\n```python\nprint('hi')\n```\nDONE");
    let model = ModelServer::replying([Say::text(reply).tokens(321, 12)]);
    let server = Server::asking(&model).start();
    server
        .run(&format!("say hi to {HOSTILE} for me"))
        .prints("hi\n");
    let page = Browser::open(&server, "/prompts");
    page.click("[data-row]")
        .sees("321 tokens read, 12 written")
        .sees(&format!("As you wish, {HOSTILE}:"));
    assert!(page.text(".turn-user").contains(HOSTILE));
    page.click(".turn-system summary")
        .sees(model.request().system().lines().next().unwrap());
    page.click_text("As in prompts.log");
    assert_eq!(page.text(".long").trim_end(), newest(&server).trim_end());
    page.axe();
    // What is open is in the address.
    page.reload();
    page.sees("321 tokens read, 12 written");
    page.click_text("Execution").find("main h1");
    page.back();
    page.sees("321 tokens read, 12 written");
    assert_eq!(page.script("return window.bad || 'good'"), "good");
}

/// One of each kind, an hour apart.
fn one_of_each() -> Server {
    let data = TempDir::new().unwrap();
    let ago = |hours: i64| Timestamp::now() - (60 * hours + 5).minutes();
    let past = [
        Past::of("alpha", ago(200), "print('long ago')"),
        Past::of("beta", ago(3), "print('by a model')").by(Mode::OpenInterpreter),
        Past::of("beta", ago(2), "print('a failure')").standing(Status::Failed, "ValueError: no"),
        Past::of("alpha", ago(0), "print('just now')"),
    ];
    record(data.path(), &past);
    Server::with().start_in(data)
}

#[test]
fn each_filter_is_in_the_address() {
    let server = one_of_each();
    let page = Browser::open(&server, "/prompts");
    page.has(4, "[data-row]").axe();
    let option = |name: &str, value: &str| {
        page.click(&format!(
            "select[aria-label={name}] option[value='{value}']"
        ));
    };
    let narrowed = |address: &str, rows: usize, what: &str| {
        page.is_at(address).has(rows, "[data-row]").sees(what);
        page.reload();
        page.has(rows, "[data-row]").sees(what);
        page.go("/prompts");
        page.has(4, "[data-row]");
    };
    option("Status", "failed");
    narrowed("/prompts?status=failed", 1, "a failure");
    option("Mode", "openinterpreter");
    narrowed("/prompts?mode=openinterpreter", 1, "by a model");
    option("Time", "24h");
    narrowed("/prompts?within=24h", 3, "just now");
    page.type_into("[data-search]", "long");
    narrowed("/prompts?q=long", 1, "long ago");
    page.type_into("[aria-label='Session id']", "beta")
        .keys("Enter");
    narrowed("/prompts?session=beta", 2, "by a model");
}

#[test]
fn filtered_to_nothing_is_not_empty() {
    let server = one_of_each();
    let page = Browser::open(&server, "/prompts?session=alpha&status=failed");
    page.sees("No entry is like that").axe();
    assert_eq!(page.value("select[aria-label=Status]"), "failed");
    assert_eq!(page.value("[aria-label='Session id']"), "alpha");
    page.click_text("Clear them").has(4, "[data-row]");
    page.type_into("[aria-label='Session id']", "no id")
        .keys("Enter");
    page.sees("No session is called that")
        .has(4, "[data-row]")
        .axe();
}

#[test]
fn the_download_is_the_log() {
    let server = one_of_each();
    let page = Browser::open(&server, "/prompts");
    page.has(4, "[data-row]").click_text("prompts.log");
    page.sees("Saved 4 executions");
    let whole = page.downloaded("prompts.log");
    assert_eq!(String::from_utf8(whole).unwrap(), log(&server, ""));
    page.go("/prompts?session=beta");
    page.has(2, "[data-row]").click_text("prompts.log");
    page.sees("Saved 2 executions");
    let narrowed = page.downloaded("prompts (1).log");
    assert_eq!(
        String::from_utf8(narrowed).unwrap(),
        log(&server, "?session_id=beta")
    );
}

#[test]
fn what_comes_while_one_reads_waits_behind_a_button() {
    let server = Server::with().start();
    server.run("print('first')");
    let page = Browser::open(&server, "/prompts");
    page.click("[data-row]").find(".long");
    server.run("print('second')");
    page.sees("1 new").has(1, "[data-row]");
    page.click_text("1 new").has(2, "[data-row]").find(".long");
}

#[test]
fn what_could_not_be_fetched_is_said_and_fetched_again() {
    let server = one_of_each();
    let page = Browser::open(&server, "/settings");
    page.cut_off(&["*/api/logs/*"]).go("/prompts");
    page.sees("Vivarium does not answer").axe();
    page.cut_off(&[])
        .click_text("Try again")
        .has(4, "[data-row]");
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}
