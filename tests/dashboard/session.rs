//! The page of a session: what was run, as it happens and however much it is, beside the files.

use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use crate::harness::{Browser, LiveEvents, Server, Session, history, until};

/// A row of the timeline.
const RUN: &str = ".timeline [data-row]";

fn open(server: &Server, session: &Session<'_>, query: &str) -> Browser {
    Browser::open(server, &format!("/sessions/{}{query}", session.id()))
}

#[test]
fn each_execution_is_shown_with_how_it_ended() {
    let server = Server::shared();
    let session = server.session();
    session.run("\n\n# The first line that says something\nprint('one')");
    session.run("1/0");
    session.tool("while True: pass").timeout(0.2).send();
    let page = open(server, &session, "");
    page.has(3, RUN).sees("3 files");
    let newest = page.text(RUN);
    assert!(newest.contains("while True: pass"), "{newest}");
    page.sees("# The first line that says something")
        .sees("Succeeded")
        .sees("ZeroDivisionError: division by zero");
    assert!(page.title().contains(session.id()), "{}", page.title());
    page.axe().dark().axe();
    page.keys("j Enter").is_absent(".timeline");
    assert!(
        page.url_path().starts_with("/executions/"),
        "{}",
        page.url_path()
    );
    page.back();
    page.has(3, RUN);
}

#[test]
fn what_runs_is_followed_with_the_files_it_writes() {
    let server = Server::shared();
    let session = server.session();
    session.run("print('before')");
    let page = open(server, &session, "");
    page.has(1, RUN).sees("Live");
    // It begins a file every moment until it is told to stop.
    let code = "import os, time\nfor number in range(1000):\n    open(f'made-{number}.txt', 'w')\n    time.sleep(0.2)\n    if os.path.exists('go'): break";
    let call = json!({ "code": code, "session_id": session.id() });
    let call = LiveEvents::of_call(server.http(), &call);
    page.has(2, RUN).sees("Running").sees("made-0.txt");
    // Those that came after it was told that it runs.
    page.sees("made-9.txt").sees("Running");
    session.put("files/go", "").expect(201);
    call.rest();
    page.lacks("Running").sees("go");
    assert!(page.text(RUN).contains("Succeeded"));
}

#[test]
fn ten_thousand_executions_are_as_quick_as_ten() {
    let data = TempDir::new().unwrap();
    history::fill_session(data.path(), "long", 10_000);
    let server = Server::with().start_in(data);
    let page = Browser::open(&server, "/sessions/long");
    page.sees("10\u{a0}000").sees("# Program 9999");
    // Older ones come as they are scrolled to.
    until("a thousand rows", || {
        page.script(
            "const list = document.querySelector('.timeline .windowed'); list.scrollTop = list.scrollHeight",
        );
        let text = page.text(".timeline");
        text.contains("# Program 8").then_some(())
    });
    let (rows, all) = (page.count(RUN), page.count("*"));
    assert!(rows < 60, "{rows} rows are in the page");
    assert!(all < 1500, "{all} elements are in the page");
    page.click(RUN).back();
    page.find(RUN).keys("j");
    let took = page.script(
        "const began = performance.now();
         dispatchEvent(new KeyboardEvent('keydown', { key: 'j' }));
         document.activeElement.getBoundingClientRect();
         return performance.now() - began",
    );
    assert!(took.as_f64().unwrap() < 100.0, "a key took {took} ms");
}

#[test]
fn the_keys_go_through_rows_that_were_not_made_yet() {
    let data = TempDir::new().unwrap();
    history::fill_session(data.path(), "long", 300);
    let server = Server::with().start_in(data);
    let page = Browser::open(&server, "/sessions/long");
    page.sees("# Program 299");
    let focused = || {
        let text = page.script("return document.activeElement.innerText");
        text.as_str().unwrap_or_default().to_owned()
    };
    for number in (200..300).rev() {
        page.keys("j");
        until(&format!("row {number}"), || {
            focused()
                .starts_with(&format!("# Program {number}\n"))
                .then_some(())
        });
    }
    page.keys("k");
    assert!(focused().starts_with("# Program 201\n"), "{}", focused());
}

#[test]
fn back_and_reload_lead_to_where_one_was() {
    let data = TempDir::new().unwrap();
    history::fill_session(data.path(), "long", 1000);
    let server = Server::with().start_in(data);
    let page = Browser::open(&server, "/sessions/long");
    page.sees("# Program 999");
    until("older ones", || {
        page.script(
            "const list = document.querySelector('.timeline .windowed'); list.scrollTop += 2000",
        );
        page.text(".timeline").contains("# Program 6").then_some(())
    });
    let seen = "const list = document.querySelector('.timeline .windowed').getBoundingClientRect();
        const row = document.elementFromPoint(list.x + 50, list.y + 200).closest('[data-row]');
        return row && row.getAttribute('href')";
    let (row, _) = until("a row", || page.script(seen).as_str().map(str::to_owned));
    let is_seen = || {
        until("the row to be seen again", || {
            let href = json!(row);
            (page.script(&format!(
                "const list = document.querySelector('.timeline .windowed')?.getBoundingClientRect();
                 const row = document.querySelector('.timeline [href={href}]')?.getBoundingClientRect();
                 return !!row && row.top >= list.top && row.bottom <= list.bottom"
            )) == true)
                .then_some(())
        });
    };
    page.click(&format!(".timeline [href='{row}']"))
        .is_at(&row)
        .back();
    is_seen();
    page.reload();
    is_seen();
}

#[test]
fn a_session_that_is_not_there_says_so() {
    let server = Server::shared();
    let page = Browser::open(server, "/sessions/never-was");
    page.sees("There is no such session")
        .sees("a session begins with a tool call or a file")
        .axe();
    page.expect_console_error("404");
    page.go("/sessions/-no%20id");
    page.sees("There is no such session")
        .sees("beginning with a letter or digit");
    page.click_text("All sessions").is_at("/sessions");
}

#[test]
fn a_session_of_files_only_says_that_nothing_was_run() {
    let server = Server::shared();
    let session = server.session();
    session.put("files/a.txt", "x").expect(201);
    let page = open(server, &session, "");
    page.sees("Nothing was run yet").sees("a.txt");
    session.delete("files/a.txt").expect(204);
    page.go(&format!("/sessions/{}", session.id()));
    page.sees("No files yet").axe();
}

#[test]
fn it_is_deleted_after_a_question() {
    let server = Server::shared();
    let session = server.session();
    session.run("print('hi')");
    let page = open(server, &session, "");
    page.has(1, RUN).click_text("Delete");
    page.sees(&format!("Delete session {}?", session.id()))
        .axe();
    page.click_text("Cancel").has(1, RUN).click_text("Delete");
    page.click("dialog[open] .button-danger").is_at("/sessions");
    server
        .http()
        .get(&format!("/api/sessions/{}", session.id()))
        .refused(404, "not_found");
    page.back();
    page.sees("There is no such session");
    page.expect_console_error("404");
}

#[test]
fn what_can_not_be_had_is_told_and_asked_for_again() {
    let server = Server::shared();
    let session = server.session();
    session.put("files/a.txt", "what is in it").expect(201);
    let page = open(server, &session, "");
    page.sees("a.txt").offline(true);
    page.click(".node").sees("Vivarium does not answer").axe();
    page.offline(false);
    page.click_text("Try again").sees("what is in it");
    page.lacks("Vivarium does not answer");
}

#[test]
fn it_is_fine_on_a_phone_and_on_a_wall() {
    let server = Server::shared();
    let session = server.session();
    session.run("import pandas\npandas.DataFrame({'a': range(20)}).to_csv('data/table.csv'.replace('data/', ''))");
    let page = open(server, &session, "");
    let fits = |page: &Browser| {
        let wider = page.script("return document.documentElement.scrollWidth - innerWidth");
        assert!(wider.as_i64().unwrap() <= 0, "{wider} pixels too wide");
    };
    page.size(380, 800).has(1, RUN).axe();
    fits(&page);
    // One at a time.
    page.lacks("Download all")
        .click_text("Files")
        .sees("table.csv");
    page.axe().click(".node[href*='table.csv']").find(".cells");
    fits(&page);
    page.axe().click_text("All files").is_absent(".cells");
    page.back();
    page.find(".cells");
    page.size(2560, 1440).find(".node[aria-current]").axe();
    fits(&page);
    assert!(page.text(".timeline").contains("pandas.DataFrame"));
}

/// What is slow is told to be loading, and nothing else is said meanwhile.
#[test]
fn what_is_slow_is_loading() {
    let server = Server::shared();
    let session = server.session();
    session.run("print('hi')");
    let page = open(server, &session, "");
    page.has(1, RUN).slow(Duration::from_millis(500));
    page.reload();
    page.find(".state-loading").has(1, RUN);
    page.is_absent(".state-loading");
}
