//! Which revision is spoken, and what is refused before anything is done.

use serde_json::{Value, json};

use super::{Client, code, post, request};
use crate::harness::{Reply, Server};

const VERSION: &str = "2026-07-28";

fn meta(version: &str) -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": version,
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}

/// A request that stands for itself, with the headers that go with it.
fn alone(method: &str, mut params: Value, name: &str) -> Reply {
    params["_meta"] = meta(VERSION);
    let headers = [
        ("mcp-protocol-version", VERSION),
        ("mcp-method", method),
        ("mcp-name", name),
    ];
    let headers = if name.is_empty() {
        &headers[..2]
    } else {
        &headers
    };
    post(Server::shared().http(), headers, &request(method, params))
}

#[test]
fn initialize_agrees_to_what_there_is() {
    let agreed = |version: &str| -> Value {
        let params = json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": {} });
        let message = request("initialize", params);
        let reply = post(Server::shared().http(), &[], &message)
            .expect(200)
            .json::<Value>();
        reply["result"]["protocolVersion"].clone()
    };
    for version in ["2025-03-26", "2025-06-18", "2025-11-25"] {
        assert_eq!(agreed(version), version);
    }
    assert_eq!(agreed("1999-01-01"), "2025-11-25");
}

#[test]
fn each_connection_has_a_session_of_its_own() {
    let http = Server::shared().http();
    assert_ne!(Client::connect(http).session, Client::connect(http).session);
}

#[test]
fn a_request_of_2026_stands_for_itself() {
    let reply = alone("server/discover", json!({}), "").expect(200);
    assert_eq!(reply.header("mcp-session-id"), "", "\n{reply}");
    let result = reply.json::<Value>()["result"].clone();
    assert_eq!(result["supportedVersions"], json!([VERSION]), "{result}");
    assert_eq!(result["resultType"], "complete", "{result}");
    assert_eq!(
        (&result["ttlMs"], &result["cacheScope"]),
        (&json!(0), &json!("private"))
    );
    assert_eq!(
        result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "vivarium"
    );

    let arguments = json!({ "code": "print('hi')" });
    let params = json!({ "name": "python_coder", "arguments": arguments });
    let first = alone("tools/call", params.clone(), "python_coder")
        .expect(200)
        .json::<Value>();
    let second = alone("tools/call", params, "python_coder")
        .expect(200)
        .json::<Value>();
    let session = |answer: &Value| answer["result"]["structuredContent"]["session_id"].clone();
    assert!(session(&first).is_string(), "{first}");
    assert_ne!(session(&first), session(&second));
}

#[test]
fn headers_that_say_something_else_are_refused() {
    let http = Server::shared().http();
    let mut params =
        json!({ "name": "python_coder", "arguments": { "code": "1" }, "_meta": meta(VERSION) });
    let ask = |headers: &[(&str, &str)], params: &Value| {
        let reply = post(http, headers, &request("tools/call", params.clone())).expect(400);
        code(&reply)
    };
    let version = ("mcp-protocol-version", VERSION);
    let method = ("mcp-method", "tools/call");
    for headers in [
        &[][..],
        &[version],
        &[version, method],
        &[version, method, ("mcp-name", "other")],
        &[
            version,
            ("mcp-method", "ping"),
            ("mcp-name", "python_coder"),
        ],
        &[
            ("mcp-protocol-version", "2025-11-25"),
            method,
            ("mcp-name", "python_coder"),
        ],
        &[version, version, method, ("mcp-name", "python_coder")],
    ] {
        assert_eq!(ask(headers, &params), -32020, "{headers:?}");
    }
    // The name may come encoded.
    let encoded = [version, method, ("mcp-name", "=?base64?cHl0aG9uX2NvZGVy?=")];
    post(http, &encoded, &request("tools/call", params.clone())).expect(200);
    params["_meta"] = json!({});
    assert_eq!(
        ask(&[version, method, ("mcp-name", "python_coder")], &params),
        -32602
    );
}

#[test]
fn an_unknown_revision_is_told_the_known_ones() {
    let http = Server::shared().http();
    let known = json!([VERSION, "2025-11-25", "2025-06-18", "2025-03-26"]);
    let future = "2099-01-01";
    let headers = [("mcp-protocol-version", future), ("mcp-method", "ping")];
    let in_header = post(http, &headers[..1], &request("ping", json!({})));
    let in_both = post(
        http,
        &headers,
        &request("ping", json!({ "_meta": meta(future) })),
    );
    for reply in [in_header, in_both] {
        let reply = reply.expect(400);
        assert_eq!(code(&reply), -32022, "\n{reply}");
        let data = reply.json::<Value>()["error"]["data"].clone();
        assert_eq!(data, json!({ "supported": known, "requested": future }));
    }
}

#[test]
fn methods_of_one_revision_are_not_in_the_other() {
    let reply = alone("initialize", json!({ "protocolVersion": VERSION }), "").expect(404);
    assert_eq!(code(&reply), -32601, "\n{reply}");
    let client = Client::connect(Server::shared().http());
    assert_eq!(client.refused("server/discover", json!({}))["code"], -32601);
    assert_eq!(client.ask("ping", json!({})), json!({}));
}

#[test]
fn a_link_is_only_sent_to_who_knows_of_links() {
    let code = json!({ "code": "open('a', 'w').close()" });
    let message = request(
        "tools/call",
        json!({ "name": "python_coder", "arguments": code }),
    );
    let kinds = |headers: &[(&str, &str)]| {
        let answer: Value = post(Server::shared().http(), headers, &message)
            .expect(200)
            .json();
        let content = answer["result"]["content"].as_array().unwrap().clone();
        content
            .iter()
            .map(|content| content["type"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(&[("mcp-protocol-version", "2025-06-18")]),
        ["text", "resource_link"]
    );
    // Who says nothing speaks the oldest.
    assert_eq!(kinds(&[]), ["text"]);
}
