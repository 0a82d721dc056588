//! The API's description of itself.

use std::process::Command;

use serde_json::Value;

use crate::harness::{Server, root};

#[test]
fn it_is_served_as_it_was_made() {
    let reply = Server::shared().http().get("/openapi.json").expect(200);
    assert_eq!(reply.header("content-type"), "application/json");
    let document: Value = reply.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(
        document["paths"]["/api/tools/python_coder"]["post"]["operationId"],
        "runPython"
    );
}

#[test]
fn it_needs_no_token() {
    let server = Server::with().variable("api_token", "secret").start();
    server.http().get("/openapi.json").expect(200);
    let page = server.http().get("/docs").expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
}

/// Schemathesis makes up requests that the document allows, and some that it does not, and holds the answers against it.
#[test]
fn no_answer_is_an_error_of_ours_or_undocumented() {
    let server = Server::with().start();
    let address = format!("http://{}", server.process().address());
    let mut command = Command::new(root().join("target/tools/venv/bin/schemathesis"));
    command
        .args(["run", &format!("{address}/openapi.json"), "--url", &address])
        .arg("--checks=not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance")
        .args(["--max-examples=8", "--seed=1", "--workers=1"])
        .args(["--request-timeout=30", "--no-color"])
        // It keeps notes where it runs.
        .current_dir(server.data());
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; `cargo xtask test` installs it"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    server.still_answers();
}
