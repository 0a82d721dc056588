//! What is done with an execution that has ended: run again, copied as a command.

use std::process::Command;

use api::history::{Execution, ExecutionSummary, Page};
use api::tool::ToolResponse;

use crate::harness::{Browser, Server, until};

#[test]
fn it_is_run_again_in_its_session() {
    let server = Server::with().start();
    let session = server.session_called("again");
    let ran = session.run("open('log', 'a').write('x')\nprint(open('log').read() + '!')");
    let first = format!("/executions/{}", ran.execution_id());
    let page = Browser::open(&server, &first);
    page.sees("x!")
        .click_text("Run again")
        .sees("xx!")
        .sees("Succeeded");
    assert_ne!(page.url_path(), first);
    let executions: Page<ExecutionSummary> = session.get("executions").expect(200).json();
    assert_eq!(executions.items.len(), 2);
    assert_eq!(
        page.url_path(),
        format!("/executions/{}", executions.items[0].execution_id)
    );
    // From a new one it can be run again as well.
    page.click_text("Run again").sees("xxx!");
    page.back();
    page.sees("xx!").lacks("xxx!");
}

#[test]
fn it_is_copied_as_a_command_that_works() {
    let server = Server::with().start();
    let session = server.session_called("copied");
    let program = "print('it''s', \"$HOME `id`\", '\\\\', '!')\nprint(open('kept').read())";
    session.put("files/kept", "é\n").expect(201);
    let ran = session.run(program).succeeded();
    let page = Browser::open(&server, &format!("/executions/{}", ran.execution_id()));
    page.click_text("Copy as curl").sees("Copied");
    let command = page.copied();
    assert!(command.starts_with("curl "), "{command}");
    let done = Command::new("sh").args(["-c", &command]).output();
    let done = done.expect("there is a shell");
    let answer = String::from_utf8_lossy(&done.stdout);
    let reply: ToolResponse = serde_json::from_str(&answer).unwrap_or_else(|error| {
        panic!(
            "{error}: {command}\n{answer}{}",
            String::from_utf8_lossy(&done.stderr)
        )
    });
    assert_eq!(reply.data.stdout, ran.data.stdout);
    assert_eq!(reply.metadata.session_id.as_deref(), Some("copied"));
}

#[test]
fn what_came_with_the_code_is_shown_and_comes_with_it_again() {
    let server = Server::with().start();
    let session = server.session_called("input");
    let program = "print(input() + '!')";
    let ran = session.tool(program).timeout(7.5).stdin("it's\n\n").send();
    let plain = session.run("1").succeeded();
    let page = Browser::open(&server, &format!("/executions/{}", ran.execution_id()));
    page.sees("it's!").sees("Time limit\n7.5");
    page.sees("Standard input").is_absent(".asked .long").axe();
    page.click(".asked summary");
    assert_eq!(page.text(".asked .long").trim_end(), "it's");
    page.axe().click_text("Copy as curl").sees("Copied");
    let command = page.copied();
    let called = command.split_once("-d ").map(|(_, body)| body);
    assert_eq!(
        called,
        Some(
            r#"'{"code":"print(input() + '\''!'\'')","session_id":"input","timeout":7.5,"stdin":"it'\''s\n\n"}'"#
        )
    );
    let first = page.url_path();
    page.click_text("Run again").sees("Succeeded");
    until("another page", || (page.url_path() != first).then_some(()));
    page.sees("it's!").sees("Time limit\n7.5");
    let executions: Page<ExecutionSummary> = session.get("executions").expect(200).json();
    let again: Execution = server
        .http()
        .get(&format!(
            "/api/executions/{}",
            executions.items[0].execution_id
        ))
        .expect(200)
        .json();
    assert_eq!(again.stdin.as_deref(), Some("it's\n\n"));
    assert_eq!(again.timeout, Some(7.5));
    page.go(&format!("/executions/{}", plain.execution_id()));
    page.sees("Succeeded")
        .lacks("Time limit")
        .lacks("Standard input");
}
