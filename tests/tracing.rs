//! Traces, as a collector receives them.
//!
//! - `call`: what spans a call has, and in whose trace; `model`: those of openinterpreter mode
//! - `failures`: what they say of a call that does not end well
//! - `collector`: one that is slow, down, or not there

mod call;
mod collector;
mod failures;
mod model;

use crate::harness::{Http, PYTHON_CODER, Reply};

/// A caller's own span.
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// The whole execution.
const TOOL: &str = "execute_tool python_coder";
/// The function's part in a run.
const RUN: &str = "run python";
/// The python service's.
const SERVED: &str = "POST /v1/sessions/{session}/run";

/// A tool call with a header.
fn call_within(http: &Http, traceparent: &str, code: &str) -> Reply {
    let body = serde_json::json!({ "code": code }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("traceparent", traceparent),
    ];
    http.send("POST", PYTHON_CODER, &headers, body.as_bytes())
        .expect(200)
}
