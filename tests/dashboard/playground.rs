//! The playground: a program is written, run, watched, and stopped; and what it left is a link away.

use std::time::Duration;

use api::history::{ExecutionSummary, Page, Status};

use serde_json::json;

use super::{paste, responds};
use crate::harness::{Browser, ModelServer, Say, Server, unique, until};

/// Waits until there is a file `go`.
const WAIT: &str = "
import os, time
while not os.path.exists('go'): time.sleep(0.02)
";

/// What came of it, as it is shown.
const OUTPUT: &str = ".playground-out";

/// The playground, with a program in it and this session picked.
fn with(server: &Server, session: &str, program: &str) -> Browser {
    let page = Browser::open(server, &format!("/playground?session={session}"));
    paste(&page, "#program", program);
    page
}

/// The same, run.
fn run(server: &Server, session: &str, program: &str) -> Browser {
    let page = with(server, session, program);
    page.keys("Control+Enter").find(".under-way, .ending");
    page
}

#[test]
fn output_arrives_while_the_program_runs() {
    let server = Server::shared();
    let session = server.session_called(&unique("playground"));
    let page = Browser::open(server, &format!("/playground?session={}", session.id()));
    page.sees("What the program writes and shows appears here");
    let program = format!("print('first', 6 * 7)\n{WAIT}\nprint('last', 6 * 8)");
    paste(&page, "#program", &program);
    page.keys("Control+Enter").sees("first 42").sees("Running");
    page.lacks("last 48").find("button.button-danger");
    session.put("files/go", "").expect(201);
    page.sees("last 48")
        .sees("Succeeded")
        .is_absent(".under-way");
    page.click_text("The execution").sees("Succeeded");
    page.sees("first 42").sees("last 48");
    let id = page.url_path().replace("/executions/", "");
    let executions = session.get("executions").expect(200);
    let executions: Page<ExecutionSummary> = executions.json();
    assert_eq!(executions.items[0].execution_id, id);
}

#[test]
fn what_never_ends_is_stopped() {
    let server = Server::shared();
    let session = server.session_called(&unique("playground"));
    let program = "print('begun', 6 * 7)\nwhile True: pass";
    let page = run(server, session.id(), program);
    page.sees("begun 42").click_text("Stop");
    page.sees("You stopped it").sees("begun 42").axe();
    page.click_text("The execution").sees("Cancelled");
    until("it to be cancelled", || {
        let executions: Page<ExecutionSummary> = session.get("executions").expect(200).json();
        (executions.items[0].status == Status::Cancelled).then_some(())
    });
    // It can be run again.
    page.back();
    page.sees("begun 42").click_text("Run").sees("Running");
    page.click_text("Stop").sees("You stopped it");
}

#[test]
fn a_session_is_kept_for_the_next_run_or_not() {
    let server = Server::with().start();
    server
        .session_called("there-before")
        .run("open('old.txt', 'w').write('old')");
    let page = Browser::open(&server, "/playground");
    paste(&page, "#program", "open('kept.txt', 'w').write('kept')");
    page.click_text("Run").sees("Succeeded").sees("kept.txt");
    // The new session is picked.
    let picked = until("a session to be picked", || {
        Some(page.value(".option-session input")).filter(|picked| !picked.is_empty())
    });
    page.is_at(&format!("/playground?session={}", picked.0));
    paste(&page, "#program", "print(open('kept.txt').read() * 3)");
    page.keys("Control+Enter").sees("keptkeptkept");
    // One that is there already is offered, and can be typed.
    page.find("#latest-sessions option[value=there-before]");
    page.type_into(".option-session input", "there-before");
    paste(&page, "#program", "print(open('old.txt').read() * 3)");
    page.keys("Control+Enter").sees("oldoldold");
    // A new one each time has none of the files.
    page.click_text("A new session each time");
    paste(
        &page,
        "#program",
        "import os\nprint('files', len(os.listdir()))",
    );
    page.keys("Control+Enter").sees("files 1");
    let sessions = || {
        let sessions: Page<serde_json::Value> =
            server.http().get("/api/sessions").expect(200).json();
        sessions.items.len()
    };
    assert_eq!(sessions(), 3);
    page.keys("Control+Enter");
    until("another session", || (sessions() == 4).then_some(()));
}

#[test]
fn a_name_that_no_session_can_have_is_said_and_not_run() {
    let page = with(Server::shared(), "", "print('hi')");
    page.type_into(".option-session input", "../up");
    page.find("#session-wrong")
        .find(".playground-bar > button:disabled")
        .axe();
    page.click("#program").keys("Control+Enter");
    assert_eq!(page.count(".ending, .under-way"), 0);
}

#[test]
fn an_error_is_shown_with_its_traceback() {
    let page = run(
        Server::shared(),
        &unique("playground"),
        "print('be' + 'fore')\n1 / 0",
    );
    page.sees("Failed").sees("before");
    assert_eq!(
        page.text(".ending-error"),
        "ZeroDivisionError: division by zero"
    );
    let traceback = page.text(".live-stderr");
    assert!(traceback.contains("line 2"), "{traceback}");
}

#[test]
fn the_two_streams_are_told_apart_and_come_in_order() {
    let program = "import sys\nprint('o' * 5)\nprint('e' * 5, file=sys.stderr)\nprint('p' * 5)";
    let page = run(Server::shared(), &unique("playground"), program);
    page.sees("Succeeded");
    // Not by their colour alone: it is said as well.
    let error = page.text(".live-stderr");
    let words: Vec<_> = error.split_whitespace().collect();
    assert_eq!(words, ["standard", "error:", "eeeee"]);
    let all = page.text(".live-text");
    let places = ["ooooo", "eeeee", "ppppp"].map(|text| all.find(text));
    assert!(places.is_sorted() && places[0].is_some(), "{all}");
}

#[test]
fn figures_and_tables_are_shown() {
    let program = "
import matplotlib.pyplot as plt, pandas as pd
plt.plot([1, 2])
plt.show()
pd.DataFrame({'numbers': [6 * 7, 6 * 8]})";
    let page = run(Server::shared(), &unique("playground"), program);
    page.sees("Succeeded").find("img.figure");
    until("the figure", || {
        let width = page.script("return document.querySelector('img.figure').naturalWidth");
        (width.as_u64() > Some(100)).then_some(())
    });
    let table = page.frame_text("iframe.frame");
    assert!(table.contains("numbers") && table.contains("48"), "{table}");
    page.axe_everywhere();
}

#[test]
fn what_was_written_is_there_after_reload_and_back() {
    let page = run(
        Server::shared(),
        &unique("playground"),
        "print('kept', 6 * 7)",
    );
    page.sees("kept 42").sees("Succeeded");
    // What ran is there as long as the page is.
    page.click("nav a[href='/sessions']")
        .is_at("/sessions")
        .back();
    page.sees("kept 42").sees("Succeeded");
    assert_eq!(page.value("#program"), "print('kept', 6 * 7)");
    // After that, what was written is, and what ran is a link away.
    page.reload();
    page.sees("What you ran before is kept").axe();
    assert_eq!(page.value("#program"), "print('kept', 6 * 7)");
    page.click_text("The execution")
        .sees("kept 42")
        .sees("Succeeded");
    // The same if it has not ended by then.
    page.back();
    paste(&page, "#program", "print('begun', 6 * 7)\nwhile True: pass");
    page.click_text("Run").sees("begun 42").reload();
    page.click_text("The execution").sees("begun 42");
    page.sees("Cancelled");
}

#[test]
fn the_editor_knows_python_and_its_keys() {
    let page = with(Server::shared(), "", "");
    page.type_into("#program", "if 1:\nprint('a')");
    // A line after a colon is indented, and the first of it by Tab.
    assert_eq!(page.value("#program"), "if 1:\n    print('a')");
    page.find(".editor-colours .py-keyword")
        .find(".editor-colours .py-string");
    page.keys("Shift+Tab");
    assert_eq!(page.value("#program"), "if 1:\nprint('a')");
    page.keys("Home Tab");
    assert_eq!(page.value("#program"), "if 1:\n    print('a')");
    // Tab alone would keep who has no mouse in the field.
    page.keys("Escape Tab");
    assert_ne!(page.script("return document.activeElement.id"), "program");
}

#[test]
fn a_program_reads_its_input_and_keeps_to_its_time() {
    let page = with(
        Server::shared(),
        &unique("playground"),
        "print(input() * 2)\nwhile True: pass",
    );
    page.click_text("Standard input");
    page.type_into("[aria-label='Standard input']", "in and out ");
    page.type_into(".option-time input", "1");
    page.click_text("Run").sees("in and out in and out");
    page.sees("Failed").sees("Time limit");
}

#[test]
fn a_model_s_attempts_arrive_one_by_one() {
    let model = ModelServer::replying([
        Say::code("print('one', 6 * 7)\nmissing"),
        Say::done("print('two', 6 * 8)").waits(Duration::from_secs(2)),
    ]);
    let server = Server::asking(&model).start();
    let page = with(&server, "", "print the word hi for me");
    page.sees("or an instruction in words")
        .keys("Control+Enter");
    page.sees("Attempt 1").sees("one 42").find(".button-danger");
    assert_eq!(
        page.count(".live-program"),
        1,
        "the model still writes the second"
    );
    page.sees("Attempt 1 failed: NameError: name 'missing' is not defined");
    page.sees("Attempt 2").sees("two 48").sees("Succeeded");
    let ending = page.text(".ending");
    assert!(
        ending.contains("Attempts\n2") && ending.contains("Tokens\n240"),
        "{ending}"
    );
    page.axe_everywhere();
    page.click_text("The execution").find("#attempt-2");
}

#[test]
fn code_that_waits_is_a_link_away() {
    let model = ModelServer::replying([Say::done("print('hi')")]);
    let server = Server::asking(&model);
    let server = server
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let page = with(&server, "", "print the word hi for me");
    page.keys("Control+Enter")
        .sees("waits for your approval")
        .axe();
    page.click_text("The execution")
        .sees("This code waits for you");
}

#[test]
fn what_is_hostile_does_nothing() {
    let program = r#"
import sys
def bad(kind, data):
    display(type('Bad', (), {f'_repr_{kind}_': lambda self: data})())
attack = '<img src=x onerror="top.hit = 1"><script>top.hit = 1</script>'
print(attack)
print('\x1b[31mred\x1b[0m', '\u202egnp.exe', '\0')
print(attack, file=sys.stderr)
bad('html', attack + '<b>bo' + 'ld</b><a href="javascript:top.hit=1">link</a>')
bad('svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="top.hit = 1"><script>top.hit = 1</script></svg>')
bad('markdown', attack + '[link](javascript:top.hit=1)')
bad('png', '"onerror="top.hit = 1')
raise ValueError(attack)
"#;
    let page = run(Server::shared(), &unique("playground"), program);
    page.sees("Failed");
    let seen = page.text(OUTPUT);
    assert!(
        seen.contains("<img src=x onerror="),
        "it is shown as text: {seen}"
    );
    assert!(page.frame_text("iframe.frame").contains("bold"));
    assert_eq!(
        page.attribute("iframe.frame", "sandbox").as_deref(),
        Some("")
    );
    assert_eq!(page.count("main img[src=x], main script, [onerror]"), 0);
    assert_eq!(page.script("return window.hit"), json!(null));
    // Once more on the execution's own page.
    page.click_text("The execution").sees("ValueError");
    assert_eq!(page.count("main img[src=x], main script, [onerror]"), 0);
    assert_eq!(page.script("return window.hit"), json!(null));
    page.axe();
    // The frames' own complaint about what they may not do.
    page.expect_console_error("Blocked script execution in 'about:srcdoc'");
    page.expect_console_error("ERR_INVALID_URL");
    page.expect_console_error("Content Security Policy");
}

#[test]
fn a_megabyte_of_output_does_not_stop_the_page() {
    let program = "for i in range(19_000): print(f'line {i:06}', 'x' * 40)\nprint('the', 'end')";
    let page = run(Server::shared(), &unique("playground"), program);
    page.sees("Succeeded").sees("the end");
    responds(&page, ".live-text");
}

#[test]
fn a_flood_can_be_stopped() {
    let program = "while True: print('x' * 100)";
    let page = run(Server::shared(), &unique("playground"), program);
    page.sees("xxxxx").click_text("Stop").sees("You stopped it");
    responds(&page, ".live-text");
}

#[test]
fn on_a_phone_what_comes_of_it_is_brought_into_view() {
    let page = with(Server::shared(), "", "print('seen', 6 * 7)");
    page.size(380, 800);
    page.click("#program").keys("Control+Enter").sees("seen 42");
    let (_, _) = until("the output to be in view", || {
        let seen = page.script(
            "const place = document.querySelector('.live-text').getBoundingClientRect();
             return place.top > 0 && place.top < innerHeight - 60",
        );
        (seen == true).then_some(())
    });
}

#[test]
fn what_is_refused_says_why_and_can_be_tried_again() {
    let server = Server::with().start();
    let page = with(&server, "", "print('hi')");
    page.sees("Live");
    drop(server.kill());
    page.keys("Control+Enter").sees("Vivarium does not answer");
    page.sees("see whether it is running").axe();
    page.find(".playground-bar > button.button-main:enabled");
    assert_eq!(page.value("#program"), "print('hi')");
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}

#[test]
fn it_is_good_to_use_everywhere() {
    let page = with(
        Server::shared(),
        "",
        &format!("print('{}')", "wide ".repeat(60)),
    );
    page.axe_everywhere();
    page.click_text("Standard input").keys("Escape");
    page.click_text("Run").sees("Succeeded").axe_everywhere();
}
