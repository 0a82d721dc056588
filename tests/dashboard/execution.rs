//! The page of one execution: every attempt with what led to it and what came of it, as it happens and afterwards.
//!
//! - `deciding`: code that waits for a person; `again`: what is done with what has ended

mod again;
mod deciding;

use api::history::{ExecutionSummary, Page};
use serde_json::json;

use super::responds;
use crate::harness::{Browser, LiveEvents, ModelServer, PYTHON_CODER, Say, Server, unique, until};

/// No Python, so that the model is asked in the first attempt.
const INSTRUCTION: &str = "print the word hi for me";

/// The page of a program that has run.
fn after(server: &Server, program: &str) -> Browser {
    let ran = server.run(program);
    Browser::open(server, &format!("/executions/{}", ran.execution_id()))
}

/// A model whose first program fails after many lines, and whose second works; and what came of it.
fn repaired() -> (ModelServer, Server, String) {
    let first = "total = 6 * 7\nfor i in range(60): print('line', i)\nprint(totl)";
    let second = "total = 6 * 7\nfor i in range(60): print('line', i)\nprint('total', total)";
    let model = ModelServer::replying([Say::code(first), Say::done(second).tokens(1234, 56)]);
    let server = Server::asking(&model).start();
    let ran = server.run(INSTRUCTION).succeeded();
    let id = ran.execution_id().to_owned();
    (model, server, id)
}

#[test]
fn every_attempt_is_there_with_what_led_to_it() {
    let (_model, server, id) = repaired();
    let page = Browser::open(&server, &format!("/executions/{id}"));
    page.sees("Succeeded").sees(INSTRUCTION).has(2, ".attempt");
    let first = page.text("#attempt-1");
    for part in [
        "Exception",
        "NameError: name 'totl' is not defined",
        "line 59",
        "Traceback",
    ] {
        assert!(first.contains(part), "no {part:?} in {first}");
    }
    let second = page.text("#attempt-2");
    for part in [
        "Ran to its end",
        "total 42",
        "Code, changed since attempt 1",
    ] {
        assert!(second.contains(part), "no {part:?} in {second}");
    }
    // What differs from the one before, line by line, and not by colour alone.
    for (line, parts) in [
        (".diff-removed", ["removed", "print(totl)"]),
        (".diff-added", ["added", "print('total', total)"]),
    ] {
        let line = page.text(&format!("#attempt-2 {line}"));
        for part in parts {
            assert!(line.contains(part), "no {part:?} in {line}");
        }
    }
    page.click("#attempt-2 .switch-side:nth-child(2)");
    page.is_absent("#attempt-2 .diff")
        .find("#attempt-2 .code .py-keyword");
    // What the model read and wrote, and what that took.
    page.sees("1\u{a0}234 tokens read and 56 written");
    assert!(page.text(".execution-facts").contains("Tokens\n1\u{a0}410"));
    page.click("#attempt-2 .opens summary");
    let exchange = page.text("#attempt-2 .messages");
    for part in ["System", "User", "Reply", "NameError", "DONE"] {
        assert!(exchange.contains(part), "no {part:?} in {exchange}");
    }
    page.axe_everywhere();
}

#[test]
fn an_attempt_has_an_address() {
    let (_model, server, id) = repaired();
    let page = Browser::open(&server, &format!("/executions/{id}#attempt-2"));
    let is_at = |attempt: &str| {
        let script =
            format!("return document.querySelector('{attempt}').getBoundingClientRect().top");
        page.find(attempt);
        until("the attempt to be at the top", || {
            let top = page.script(&script).as_f64()?;
            (-2.0..200.0).contains(&top).then_some(())
        });
    };
    is_at("#attempt-2.attempt-marked");
    assert_eq!(page.count(".attempt-marked"), 1);
    // Each is a link, and copied as one.
    page.click("#attempt-2 .attempt-head .button-icon")
        .sees("Copied");
    assert!(
        page.copied()
            .ends_with(&format!("/executions/{id}#attempt-2"))
    );
    page.click("#attempt-1 .attempt-link");
    is_at("#attempt-1.attempt-marked");
    page.back();
    is_at("#attempt-2.attempt-marked");
}

#[test]
fn what_runs_is_watched_from_elsewhere() {
    let server = Server::shared();
    let session = server.session_called(&unique("watched"));
    let program = "
import os, sys, time
print('first', 6 * 7, flush=True)
while not os.path.exists('go'): time.sleep(0.02)
print('err', 6 * 9, file=sys.stderr)
print('last', 6 * 8)
open('made.txt', 'w').write('x')
6 * 11";
    let call = json!({ "code": program, "session_id": session.id() });
    let mut call = LiveEvents::of_call(server.http(), &call);
    let path = format!("/executions/{}", call.started());
    let page = Browser::open(server, &path);
    page.sees("Running").sees("first 42").lacks("last 48");
    // Reloading loses nothing.
    page.reload();
    page.sees("first 42").sees("Running").axe_everywhere();
    page.script("window.stays = true");
    session.put("files/go", "").expect(201);
    page.sees("last 48")
        .sees("Succeeded")
        .sees("made.txt")
        .sees("66");
    page.is_absent(".attempt-live").has(1, ".output-error");
    assert_eq!(
        page.script("return window.stays"),
        true,
        "it was loaded again"
    );
    call.rest();
    page.click_text("made.txt");
    page.is_at(&format!("/sessions/{}?file=made.txt", session.id()));
}

#[test]
fn attempts_arrive_while_it_is_watched() {
    let model = ModelServer::replying([
        Say::code("print('one', 6 * 7)\nmissing"),
        Say::done(
            "import os, time\nprint('two', 6 * 8, flush=True)\nwhile not os.path.exists('go'): time.sleep(0.02)",
        ),
    ]);
    let server = Server::asking(&model).start();
    let session = server.session();
    let call = json!({ "code": INSTRUCTION, "session_id": session.id() });
    let mut call = LiveEvents::of_call(server.http(), &call);
    let page = Browser::open(&server, &format!("/executions/{}", call.started()));
    page.sees("two 48")
        .sees("Attempt 2, under way")
        .find("#attempt-1");
    assert!(page.text("#attempt-1").contains("NameError"));
    page.axe();
    session.put("files/go", "").expect(201);
    page.sees("Succeeded")
        .find("#attempt-2")
        .is_absent(".attempt-live");
    call.rest();
}

#[test]
fn results_are_shown_as_a_notebook_would() {
    let page = after(
        Server::shared(),
        "import matplotlib.pyplot as plt, pandas as pd\nplt.plot([1, 2])\nplt.show()\npd.DataFrame({'numbers': [6 * 7]})",
    );
    page.sees("Succeeded").find("img.figure");
    assert!(page.frame_text("iframe.frame").contains("42"));
    page.axe_everywhere();
}

#[test]
fn how_it_ended_is_said() {
    let server = Server::shared();
    let ran = server
        .tool("print('before', 6 * 7)\nwhile True: pass")
        .timeout(0.5)
        .send();
    let page = Browser::open(server, &format!("/executions/{}", ran.execution_id()));
    page.sees("Failed")
        .sees("Time limit")
        .sees("0.5 s")
        .sees("before 42")
        .axe();
    let said = page.text(".attempt");
    assert_eq!(
        said.matches("stopped at the time limit").count(),
        1,
        "{said}"
    );
    for (program, words) in [
        (
            "import sys\nsys.exit(3)",
            ["Exited with an error", "Exit code"],
        ),
        (
            "data = []\nwhile True: data.append(bytearray(1 << 24))",
            ["Out of memory", "Failed"],
        ),
        (
            "raise ValueError('two\\nlines')",
            ["ValueError: two", "Exception"],
        ),
        ("if :", ["SyntaxError", "Exception"]),
    ] {
        let ran = server.run(program);
        page.go(&format!("/executions/{}", ran.execution_id()));
        for word in words {
            page.sees(word);
        }
    }
}

#[test]
fn what_the_system_went_down_under_is_said() {
    let server = Server::with().start();
    let call = json!({ "code": "print('before', 6 * 7, flush=True)\nwhile True: pass" });
    let mut call = LiveEvents::of_call(server.http(), &call);
    let path = format!("/executions/{}", call.started());
    call.until_line();
    let page = Browser::open(&server, &path);
    page.sees("before 42");
    drop(page);
    let server = Server::with().start_in(server.kill());
    let page = Browser::open(&server, &path);
    page.sees("Interrupted")
        .sees("Vivarium went down while this ran");
    page.sees("before 42").sees("Did not end").axe_everywhere();
}

#[test]
fn what_was_refused_is_said() {
    let server = Server::with()
        .variable("python_url", "http://127.0.0.1:1")
        .start();
    server
        .http()
        .post_json(PYTHON_CODER, &json!({ "code": "print('hi')" }));
    let executions: Page<ExecutionSummary> =
        server.http().get("/api/executions").expect(200).json();
    let page = Browser::open(
        &server,
        &format!("/executions/{}", executions.items[0].execution_id),
    );
    page.sees("Refused").sees("python service").axe_everywhere();
}

#[test]
fn safe_mode_says_what_it_refused() {
    let model = ModelServer::replying([]);
    let server = Server::asking(&model)
        .variable("python_coder_openinterpreter_safe_mode", "true")
        .variable("python_coder_max_retries", "1")
        .start();
    let ran = server.run("import os\nos.remove('x')");
    let page = Browser::open(&server, &format!("/executions/{}", ran.execution_id()));
    page.sees("os.remove is not allowed")
        .sees("Not run")
        .sees("os.remove('x')")
        .axe();
}

#[test]
fn an_address_that_no_execution_has_says_so() {
    let page = Browser::open(Server::shared(), "/executions/0123456789abcdef");
    page.sees("There is no such execution").axe();
    page.click_text("Go to the sessions").is_at("/sessions");
    page.expect_console_error("404");
    page.go("/executions/no%20id");
    page.sees("This is no execution's address");
}

#[test]
fn a_server_that_is_gone_is_said_and_can_be_tried_again() {
    let server = Server::with().start();
    let (one, other) = (
        server.run("print('one', 6 * 7)"),
        server.run("print('other', 6 * 8)"),
    );
    let page = Browser::open(&server, &format!("/executions/{}", one.execution_id()));
    page.sees("one 42");
    drop(server.kill());
    page.script(&format!(
        "history.pushState(null, '', '/executions/{}'); dispatchEvent(new PopStateEvent('popstate'))",
        other.execution_id()
    ));
    page.sees("Vivarium does not answer")
        .sees("see whether it is running");
    page.click_text("Try again")
        .sees("Vivarium does not answer")
        .axe();
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}

#[test]
fn a_megabyte_of_output_is_a_page_at_a_time() {
    let page = after(
        Server::shared(),
        "for i in range(30_000): print(f'line {i:06}', 'x' * 40)",
    );
    page.sees("line 000000")
        .sees("more were dropped: the limit of output was reached");
    responds(&page, ".output-text");
    // What is not laid out is no part of what is seen.
    let length = || {
        let length =
            page.script("return document.querySelector('.output-text').textContent.length");
        length.as_u64().expect("it is a number")
    };
    let before = length();
    assert!(before < 300_000, "{before} bytes at once");
    for _ in 0..3 {
        page.click_text("Show more");
    }
    page.is_absent(".output-more");
    until("all to be shown", || (length() > 1_000_000).then_some(()));
    responds(&page, ".output-text");
}

#[test]
fn a_person_with_no_mouse_gets_everywhere() {
    let (_model, server, id) = repaired();
    let page = Browser::open(&server, &format!("/executions/{id}"));
    page.find("#attempt-2");
    let mut seen = Vec::new();
    for _ in 0..60 {
        page.keys("Tab");
        let focused = page.script(
            "const at = document.activeElement, style = getComputedStyle(at);
             return at === document.body ? null : [
                 at.getAttribute('aria-label') || at.innerText, style.outlineStyle !== 'none' || at.closest('.editor') !== null]",
        );
        if focused.is_null() {
            break;
        }
        assert_eq!(focused[1], true, "the focus is not seen on {}", focused[0]);
        seen.push(focused[0].as_str().unwrap_or_default().to_owned());
    }
    for name in [
        "Run again",
        "Copy as curl",
        "Attempt 1",
        "Code",
        "Copy the link to attempt 2",
    ] {
        assert!(
            seen.iter().any(|seen| seen == name),
            "no {name} in {seen:?}"
        );
    }
    // What is folded opens by a key.
    page.script("document.querySelector('#attempt-1 .opens summary').focus()");
    page.keys("Enter").find("#attempt-1 .opens[open] .messages");
}
