//! An execution as it happens: server-sent events, for its caller and for whoever follows it.

mod background;
mod call;
mod cancel;
mod decisions;
mod finished;
mod follow;
mod interrupted;
mod models;
mod workspace;

use serde_json::{Value, json};

use crate::harness::{LiveEvents, Server};

/// Waits for the file `go`, and then ends.
const WAITS: &str = "import os, time\nprint('waiting', flush=True)\nwhile not os.path.exists('go'): time.sleep(0.005)\nprint('went')";

/// A call in a session that is answered with events.
#[track_caller]
fn stream(server: &Server, session_id: &str, code: &str) -> LiveEvents {
    LiveEvents::of_call(
        server.http(),
        &json!({ "code": code, "session_id": session_id }),
    )
}

/// Follows an execution from its beginning.
#[track_caller]
fn follow(server: &Server, execution_id: &str) -> LiveEvents {
    LiveEvents::following(server.http(), execution_id, None)
}

/// An answer without what differs from call to call.
fn comparable(response: &api::tool::ToolResponse) -> Value {
    let id = response.metadata.execution_id.clone().unwrap_or_default();
    let session = response.metadata.session_id.clone().unwrap_or_default();
    let text = serde_json::to_string(response).unwrap();
    let text = text.replace(&id, "[id]").replace(&session, "[session]");
    let mut value: Value = serde_json::from_str(&text).unwrap();
    for name in ["execution_time", "code_execution_time", "peak_memory_bytes"] {
        value["metadata"][name] = Value::Null;
    }
    let files = value["data"]["files"].as_object_mut().unwrap();
    for file in files.values_mut() {
        file["modified"] = Value::Null;
    }
    value
}
