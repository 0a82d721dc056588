//! Calling the tool.

use std::time::{Duration, Instant};

use api::history::{Execution, ExecutionSummary, Page};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::{BOTH, Client, post, request};
use crate::harness::{PYTHON_CODER, Server, redacted};

#[test]
fn the_tool_has_two_names() {
    let client = Client::connect(Server::shared().http());
    let tools = client.ask("tools/list", json!({}));
    redacted(|| assert_json_snapshot!(tools));
}

#[test]
fn a_call_is_in_the_history_of_the_connections_session() {
    let server = Server::shared();
    let client = Client::connect(server.http());
    client.call(json!({ "code": "open('kept', 'w').write('x')" }));
    let result = client.call(json!({ "code": "print(open('kept').read())" }));
    assert_eq!(result["isError"], false, "{result:#}");
    let said = &result["structuredContent"];
    assert_eq!(said["session_id"], client.session.as_str(), "{result:#}");
    assert_eq!(said["stdout"], "x\n", "{result:#}");
    let path = format!("/api/sessions/{}/executions", client.session);
    let page: Page<ExecutionSummary> = server.http().get(&path).expect(200).json();
    assert_eq!(page.items.len(), 2, "{page:?}");
    assert_eq!(page.items[0].execution_id, said["execution_id"]);
}

#[test]
fn the_arguments_may_name_another_session() {
    let server = Server::shared();
    let (client, session) = (Client::connect(server.http()), server.session());
    let result = client.call(json!({ "code": "1", "session_id": session.id() }));
    assert_eq!(result["structuredContent"]["session_id"], session.id());
}

#[test]
fn arguments_that_can_not_be_are_a_result_and_an_unknown_tool_is_an_error() {
    let client = Client::connect(Server::shared().http());
    let result = client.call(json!({ "code": 7 }));
    assert_eq!(result["isError"], true, "{result:#}");
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("`code` must be a string, not a number"),
        "{text}"
    );
    let error = client.refused("tools/call", json!({ "name": "rm", "arguments": {} }));
    assert_eq!(error["code"], -32602, "{error}");
    assert_eq!(error["message"], "there is no tool `rm`");
    assert_eq!(client.refused("prompts/list", json!({}))["code"], -32601);
}

#[test]
fn a_long_call_tells_its_progress_to_who_asks() {
    let server = Server::shared();
    let code = "import time\nfor i in range(3):\n    print(i, flush=True)\n    time.sleep(0.1)";
    let params = |meta: Value| json!({ "name": "python_coder", "arguments": { "code": code }, "_meta": meta });
    let client = Client::connect(server.http());
    for (meta, asked) in [(json!({ "progressToken": "t" }), true), (json!({}), false)] {
        let message = request("tools/call", params(meta));
        let headers = [&client.headers()[..], &[("accept", BOTH)]].concat();
        let reply = server
            .http()
            .send("POST", "/mcp", &headers, message.to_string());
        let reply = reply.expect(200);
        assert_eq!(
            reply.header("content-type"),
            "text/event-stream",
            "\n{reply}"
        );
        let mut events = api::sse::Events::default();
        let events = events.push(reply.body());
        let mut messages: Vec<Value> = events
            .iter()
            .map(|event| serde_json::from_str(&event.data).unwrap())
            .collect();
        let last = messages.pop().unwrap();
        assert_eq!(
            (&last["id"], &last["result"]["isError"]),
            (&json!(1), &json!(false))
        );
        assert_eq!(!messages.is_empty(), asked, "{messages:?}");
        let mut before = 0;
        for message in &messages {
            assert_eq!(message["method"], "notifications/progress");
            assert_eq!(message["params"]["progressToken"], "t");
            let progress = message["params"]["progress"].as_u64().unwrap();
            assert!(progress > before, "{messages:?}");
            before = progress;
        }
        let text: String = messages
            .iter()
            .filter_map(|message| message["params"]["message"].as_str())
            .filter(|text| text.chars().all(|c| c.is_numeric() || c.is_whitespace()))
            .collect();
        assert_eq!(text, if asked { "0\n1\n2\n" } else { "" });
    }
}

#[test]
fn who_takes_no_events_gets_json_however_long_it_takes() {
    let client = Client::connect(Server::shared().http());
    let result = client.call(json!({ "code": "import time; time.sleep(0.3); print('done')" }));
    assert_eq!(result["structuredContent"]["stdout"], "done\n");
}

#[test]
fn a_call_takes_hardly_longer_than_the_plain_one() {
    let server = Server::with().start();
    let client = Client::connect(server.http());
    let took = |call: &dyn Fn()| {
        let start = Instant::now();
        call();
        start.elapsed()
    };
    let arguments = json!({ "code": "print('hi')", "session_id": client.session });
    let call = request(
        "tools/call",
        json!({ "name": "python_coder", "arguments": arguments }),
    );
    let (mut plain, mut mcp) = (Duration::MAX, Duration::MAX);
    // In turns, so that a busy moment is both's.
    for _ in 0..30 {
        plain = plain.min(took(&|| {
            server
                .http()
                .post_json(PYTHON_CODER, &arguments)
                .expect(200);
        }));
        mcp = mcp.min(took(&|| {
            post(server.http(), &client.headers(), &call).expect(200);
        }));
    }
    println!("plain {plain:?}, mcp {mcp:?}");
    assert!(
        mcp < plain + Duration::from_millis(3),
        "plain {plain:?}, mcp {mcp:?}"
    );
}

#[test]
fn what_was_called_is_kept_as_by_the_api() {
    let server = Server::shared();
    let client = Client::connect(server.http());
    let context = json!({ "user_query": "why", "current_thought": "because" });
    let result = client.call(json!({ "code": "print(1)", "context": context }));
    let id = result["structuredContent"]["execution_id"]
        .as_str()
        .unwrap();
    let path = format!("/api/executions/{id}");
    let execution: Execution = server.http().get(&path).expect(200).json();
    let context = execution.context.unwrap();
    assert_eq!(context.user_query.as_deref(), Some("why"));
    assert_eq!(execution.attempt_list[0].stdout, "1\n");
}
