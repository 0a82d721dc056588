//! What is refused before anything is done.

use serde_json::json;

use super::{MCP, code, post, request};
use crate::harness::Server;

#[test]
fn what_is_no_message_is_refused() {
    let http = Server::shared().http();
    let send = |body: &str| http.send("POST", MCP, &[], body).expect(400);
    for (body, expected) in [
        ("{", -32700),
        ("[]", -32600),
        (r#"{"id": 1, "method": "ping"}"#, -32600),
        (
            r#"{"jsonrpc": "2.0", "id": null, "method": "ping"}"#,
            -32600,
        ),
    ] {
        assert_eq!(code(&send(body)), expected, "{body}");
    }
    let headers = [("mcp-session-id", "../etc")];
    let reply = post(http, &headers, &request("ping", json!({}))).expect(400);
    assert_eq!(code(&reply), -32602, "\n{reply}");
    let huge = format!("\"{}\"", "x".repeat(11 << 20));
    http.send("POST", MCP, &[], huge).refused(413, "too_large");
}

#[test]
fn nothing_is_offered_but_post() {
    let http = Server::shared().http();
    for method in ["GET", "DELETE"] {
        let reply = http.send(method, MCP, &[("accept", "text/event-stream")], b"");
        let reply = reply.refused(405, "method_not_allowed");
        assert_eq!(reply.header("allow"), "POST", "\n{reply}");
    }
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let reply = post(http, &[], &initialized).expect(202);
    assert_eq!(reply.body(), b"", "\n{reply}");
}
