//! E2B's code interpreter: what its own SDK makes of us, and what goes over the wire.

mod refusals;
mod sdk;
mod wire;

use serde_json::Value;

use crate::harness::{Http, Reply};

/// Sends a body of JSON; `sandbox` may be empty.
#[track_caller]
fn post(http: &Http, path: &str, sandbox: &str, body: &Value) -> Reply {
    let headers = [("e2b-sandbox-id", sandbox)];
    let headers = if sandbox.is_empty() {
        &[][..]
    } else {
        &headers
    };
    http.send("POST", path, headers, body.to_string())
}

/// A new sandbox.
#[track_caller]
fn sandbox(http: &Http) -> String {
    let reply = post(http, "/v2/sandboxes", "", &serde_json::json!({})).expect(201);
    let id = &reply.json::<Value>()["sandboxID"];
    id.as_str().expect("it has an id").to_owned()
}

/// The lines of an execution.
#[track_caller]
fn lines(reply: &Reply) -> Vec<Value> {
    assert_eq!(
        reply.header("content-type"),
        "application/x-ndjson",
        "\n{reply}"
    );
    let line = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no line\n{reply}"));
    reply.text().lines().map(line).collect()
}

/// The words that say what the lines are.
fn types(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .filter_map(|line| line["type"].as_str())
        .collect()
}
