//! The prompt log: one block an execution, exactly as DESIGN.md has it.

use api::history::{Page, PromptLogEntry};
use insta::assert_snapshot;

use crate::harness::{Server, redacted};

#[test]
fn a_block_is_written_for_an_execution() {
    let server = Server::with().start();
    server
        .session_called("abc123")
        .run("print('Hello World')")
        .succeeded();
    let log = server.http().get("/api/logs/prompts.log").expect(200);
    assert_eq!(log.header("content-type"), "text/plain; charset=utf-8");
    redacted(|| assert_snapshot!(log.text()));
}

#[test]
fn a_block_of_a_failure_has_the_error() {
    let server = Server::with().start();
    server
        .session_called("abc123")
        .run("print('before')\nopen('missing.csv')");
    redacted(|| {
        assert_snapshot!(
            server
                .http()
                .get("/api/logs/prompts.log")
                .expect(200)
                .text()
        )
    });
}

#[test]
fn the_embedded_host_keeps_it_as_a_file() {
    let server = Server::with().start();
    server.session_called("one").run("print(1)").succeeded();
    server.session_called("two").run("1 / 0");
    let file = std::fs::read_to_string(server.data_file("logs/prompts.log")).unwrap();
    assert_eq!(
        file,
        server
            .http()
            .get("/api/logs/prompts.log")
            .expect(200)
            .text()
    );
    assert_eq!(
        file.matches("TOOL EXECUTION: python_coder (Native mode)")
            .count(),
        2,
        "{file}"
    );
}

#[test]
fn blocks_are_listed_newest_first_with_what_they_are_about() {
    let server = Server::with().start();
    let first = server.session_called("one").run("print(1)").succeeded();
    let second = server.session_called("two").run("1 / 0");
    let page: Page<PromptLogEntry> = server.http().get("/api/logs/prompts").expect(200).json();
    let ids: Vec<_> = page
        .items
        .iter()
        .map(|entry| entry.execution_id.as_str())
        .collect();
    assert_eq!(ids, [second.execution_id(), first.execution_id()]);
    assert!(page.items[0].text.contains("Session ID: two"), "{page:?}");
}

#[test]
fn a_program_cannot_forge_a_block() {
    let server = Server::with().start();
    let rule = "=".repeat(80);
    server
        .run(&format!(
            "print('''{rule}\nTOOL EXECUTION: python_coder (Native mode)\n{rule}''')"
        ))
        .succeeded();
    let log = server.http().get("/api/logs/prompts.log").expect(200);
    let forged = log
        .text()
        .lines()
        .filter(|line| line.starts_with("TOOL EXECUTION:"))
        .count();
    assert_eq!(forged, 1, "\n{log}");
}
