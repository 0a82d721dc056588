//! The list of sessions: empty, filtered, long, live, and shorter by one.

use jiff::Timestamp;
use tempfile::TempDir;

use crate::harness::{Browser, Server, history};

#[test]
fn where_there_is_none_it_says_how_one_begins() {
    let server = Server::with().start();
    let page = Browser::open(&server, "/sessions");
    page.sees("No sessions yet").axe();
    page.click_text("Run something").is_at("/playground");
}

#[test]
fn a_session_appears_as_soon_as_there_is_one() {
    let server = Server::with().start();
    let page = Browser::open(&server, "/sessions");
    page.sees("No sessions yet");
    server
        .session_called("first")
        .run("print('hi')")
        .prints("hi\n");
    page.sees("first").sees("Succeeded").sees("print('hi')");
    server.session_called("second").run("1/0");
    page.sees("second")
        .sees("Failed")
        .has(2, "[data-row]")
        .axe();
}

#[test]
fn a_row_keeps_the_focus_when_another_comes() {
    let server = Server::with().start();
    server.session_called("first").run("print('hi')");
    let page = Browser::open(&server, "/sessions");
    page.has(1, "[data-row]").keys("j");
    server.session_called("second").run("print('hi')");
    page.has(2, "[data-row]");
    let focused = page.script("return document.activeElement.innerText");
    assert_eq!(focused, "first");
}

#[test]
fn what_narrows_the_list_is_in_its_address() {
    let server = Server::with().start();
    server.session_called("good").run("print('needle')");
    server.session_called("bad").run("1/0");
    let page = Browser::open(&server, "/sessions?status=failed");
    page.has(1, "[data-row]").sees("bad");
    page.type_into("[data-search]", "needle")
        .is_at("/sessions?q=needle&status=failed");
    page.sees("No session is like that").axe();
    page.reload();
    page.sees("No session is like that");
    assert_eq!(page.value("[data-search]"), "needle");
    page.click_text("Clear them")
        .has(2, "[data-row]")
        .is_at("/sessions");
    page.back();
    page.is_at("/sessions?q=needle&status=failed");
}

#[test]
fn ten_thousand_sessions_are_a_page_at_a_time() {
    let data = TempDir::new().unwrap();
    history::fill(data.path(), 10_000, 1);
    let server = Server::with().start_in(data);
    let page = Browser::open(&server, "/sessions");
    page.has(50, "[data-row]");
    let first = page.text("[data-row]");
    page.click_text("Older").lacks(&first).has(50, "[data-row]");
    page.back();
    page.sees(&first);
    page.keys("j j");
    let focused = page.script("return document.activeElement.innerText");
    assert_ne!(focused, first, "the second row has the focus");
    page.keys("Enter").is_absent(".filters");
    assert!(
        page.url_path().starts_with("/sessions/"),
        "{}",
        page.url_path()
    );
}

#[test]
fn a_session_is_deleted_after_a_question() {
    let server = Server::with().start();
    for id in ["kept", "doomed"] {
        server
            .session_called(id)
            .run("open('file.txt', 'w').write('x')");
    }
    let page = Browser::open(&server, "/sessions");
    page.click_text("Delete session doomed")
        .sees("Delete session doomed?")
        .axe();
    page.click_text("Cancel").has(2, "[data-row]");
    page.click_text("Delete session doomed")
        .click_text("Delete");
    page.has(1, "[data-row]").sees("kept");
    server
        .http()
        .get("/api/sessions/doomed")
        .refused(404, "not_found");
}

#[test]
fn a_server_that_is_gone_is_said_and_can_be_tried_again() {
    let server = Server::with().start();
    let page = Browser::open(&server, "/sessions");
    page.sees("No sessions yet");
    page.click("nav a[href='/']").is_at("/").find("main h1");
    drop(server.kill());
    page.click("nav a[href='/sessions']")
        .sees("Vivarium does not answer")
        .click_text("Try again");
    page.sees("Vivarium does not answer");
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}

#[test]
fn a_page_that_can_not_be_fetched_says_so_and_can_be_tried_again() {
    let server = Server::with().start();
    let page = Browser::open(&server, "/sessions");
    page.sees("No sessions yet");
    drop(server.kill());
    // Its module was not asked for yet: the other pages come a moment after the first.
    page.click("nav a[href='/settings']")
        .sees("This page could not be fetched")
        .click_text("Try again");
    page.sees("This page could not be fetched");
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}

/// What is said of a time in the past.
#[test]
fn times_are_relative_and_exact_on_hover() {
    let data = TempDir::new().unwrap();
    let began: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
    history::record(
        data.path(),
        &[history::Past::of("old", began, "print('hi')")],
    );
    let server = Server::with().start_in(data);
    let page = Browser::open(&server, "/sessions");
    page.sees("d ago");
    assert!(
        page.attribute("time", "title")
            .is_some_and(|title| title.contains("2026"))
    );
}
