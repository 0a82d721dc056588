//! The official clients, unmodified, over HTTP and on standard input.

use std::process::Command;

use api::history::{ExecutionSummary, Page};
use serde_json::{Value, json};

use crate::harness::{Server, binary, root, until};

const PYTHON: &str = "tests/clients/mcp_client.py";
const JAVASCRIPT: &str = "tests/clients/mcp_client.js";

/// What a client saw.
#[track_caller]
fn seen(client: &str, arguments: &[&str]) -> Value {
    let tools = root().join("target/tools");
    let mut command = match client {
        PYTHON => Command::new(tools.join("venv/bin/python")),
        _ => Command::new("node"),
    };
    command
        .current_dir(root())
        .env("MODULES", tools)
        .arg(client)
        .args(arguments);
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; `cargo xtask test` installs it"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?}: {}\n{said}",
        output.status
    );
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let text = String::from_utf8_lossy(&output.stdout);
        panic!("{command:?}: {error}\n{text}\n{said}")
    })
}

/// Asserts what every client sees. One without a session of its own has no files to list.
#[track_caller]
fn saw_everything(seen: &Value, listed: bool) {
    let expected = json!({
        "tools": ["python_coder", "execute_code"],
        "progress": "0\n1\n2\n",
        "result": { "numbers": [0, 1, 2] },
        "is_error": false,
        "content": ["text", "image", "resource_link", "resource_link"],
        "picture": "image/png",
        "csv": "a,b\n",
        "listed": listed,
        "templates": ["vivarium://sessions/{session_id}/files/{+path}"],
        "error": [true, "Code execution failed: ZeroDivisionError: division by zero"],
        "cancelled": seen["cancelled"],
        "goes_on": true,
    });
    assert_eq!(seen, &expected);
}

/// Whether the call that the client gave up was stopped.
#[track_caller]
fn was_cancelled(server: &Server, seen: &Value) {
    let session = seen["cancelled"].as_str().unwrap();
    let path = format!("/api/executions?session_id={session}&status=cancelled");
    until("the call to be cancelled", || {
        let page: Page<ExecutionSummary> = server.http().get(&path).expect(200).json();
        (page.items.len() == 1).then_some(())
    });
}

#[track_caller]
fn over_http(client: &str, revision: &str, listed: bool) {
    let server = Server::shared();
    let seen = seen(client, &[revision, &server.http().url("/mcp")]);
    saw_everything(&seen, listed);
    was_cancelled(server, &seen);
}

/// With room for one program, so that the call after the cancelled one begins when that has stopped.
#[track_caller]
fn on_stdio(client: &str, revision: &str, listed: bool) {
    let command = binary().to_str().unwrap().to_owned();
    let seen = seen(
        client,
        &[revision, &command, "mcp", "--max-concurrent", "1"],
    );
    saw_everything(&seen, listed);
}

#[test]
fn python_in_the_revision_of_2026() {
    over_http(PYTHON, "auto", false);
}

#[test]
fn python_in_a_revision_of_2025() {
    over_http(PYTHON, "legacy", true);
}

#[test]
fn typescript_in_the_revision_of_2026() {
    over_http(JAVASCRIPT, "2026", false);
}

#[test]
fn typescript_in_a_revision_of_2025() {
    over_http(JAVASCRIPT, "2025", true);
}

#[test]
fn python_on_stdio() {
    on_stdio(PYTHON, "auto", false);
}

#[test]
fn typescript_on_stdio() {
    on_stdio(JAVASCRIPT, "2025", true);
}
