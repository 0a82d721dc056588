//! The Model Context Protocol: message by message, and with the official clients.

mod call;
mod cancel;
mod clients;
mod content;
mod messages;
mod origin;
mod resources;
mod revisions;
mod stdio;

use serde_json::{Value, json};

use crate::harness::{Http, Reply};

const MCP: &str = "/mcp";
/// As every client of the protocol must send it.
const BOTH: &str = "application/json, text/event-stream";

/// A client of a revision of 2025, with the session that it was given.
struct Client<'a> {
    http: &'a Http,
    session: String,
}

impl<'a> Client<'a> {
    #[track_caller]
    fn connect(http: &'a Http) -> Self {
        let params = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": { "name": "test", "version": "1" },
        });
        let reply = post(http, &[], &request("initialize", params)).expect(200);
        let session = reply.header("mcp-session-id").to_owned();
        assert!(!session.is_empty(), "\n{reply}");
        Self { http, session }
    }

    fn headers(&self) -> [(&str, &str); 2] {
        [
            ("mcp-session-id", &self.session),
            ("mcp-protocol-version", "2025-11-25"),
        ]
    }

    /// The result of a request.
    #[track_caller]
    fn ask(&self, method: &str, params: Value) -> Value {
        let reply = post(self.http, &self.headers(), &request(method, params)).expect(200);
        let answer: Value = reply.json();
        assert!(answer["result"].is_object(), "\n{reply}");
        answer["result"].clone()
    }

    /// The error that a request ends with.
    #[track_caller]
    fn refused(&self, method: &str, params: Value) -> Value {
        let reply = post(self.http, &self.headers(), &request(method, params)).expect(200);
        let answer: Value = reply.json();
        assert!(answer["error"].is_object(), "\n{reply}");
        answer["error"].clone()
    }

    /// What the tool answers.
    #[track_caller]
    fn call(&self, arguments: Value) -> Value {
        let params = json!({ "name": "python_coder", "arguments": arguments });
        self.ask("tools/call", params)
    }
}

/// The code of the error that a message is answered with.
fn code(reply: &Reply) -> i64 {
    let answer: Value = reply.json();
    answer["error"]["code"].as_i64().unwrap_or_default()
}

fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

/// Sends a message that takes no events for an answer, so that it comes whole however long it takes.
#[track_caller]
fn post(http: &Http, headers: &[(&str, &str)], message: &Value) -> Reply {
    let all = [
        &[
            ("content-type", "application/json"),
            ("accept", "application/json"),
        ],
        headers,
    ]
    .concat();
    http.send("POST", MCP, &all, message.to_string())
}
