//! Giving up on a call that runs.

use api::history::{ExecutionSummary, Page, Status};
use serde_json::{Value, json};
use ureq::http::Response;

use super::{BOTH, Client, MCP, post, request};
use crate::harness::{Server, until};

/// Writes a file when it has begun, and never ends.
const ENDLESS: &str = "open('started', 'w').close()\nwhile True: pass";

/// A call that runs.
fn running(client: &Client<'_>) -> Response<ureq::Body> {
    let params = json!({ "name": "python_coder", "arguments": { "code": ENDLESS } });
    let message = request("tools/call", params).to_string();
    let headers = [&client.headers()[..], &[("accept", BOTH)]].concat();
    let response = client.http.open("POST", MCP, &headers, message.as_bytes());
    let started = format!("/api/sessions/{}/files/started", client.session);
    until("the program to start", || {
        (client.http.get(&started).status() == 200).then_some(())
    });
    response
}

fn status(client: &Client<'_>) -> Status {
    let path = format!("/api/sessions/{}/executions", client.session);
    let page: Page<ExecutionSummary> = client.http.get(&path).expect(200).json();
    page.items[0].status
}

/// Waits until the history knows how it ended.
fn ended(client: &Client<'_>) -> Status {
    until("the end", || {
        Some(status(client)).filter(|status| *status != Status::Running)
    })
    .0
}

fn cancel(client: &Client<'_>, id: Value) {
    let message = json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled",
        "params": { "requestId": id, "reason": "no longer needed" },
    });
    post(client.http, &client.headers(), &message).expect(202);
}

#[test]
fn hanging_up_cancels() {
    let client = Client::connect(Server::shared().http());
    drop(running(&client));
    assert_eq!(ended(&client), Status::Cancelled);
}

#[test]
fn a_notification_cancels_and_the_stream_ends_without_a_result() {
    let client = Client::connect(Server::shared().http());
    let response = running(&client);
    cancel(&client, json!(1));
    assert_eq!(ended(&client), Status::Cancelled);
    let rest = response.into_body().read_to_string().unwrap();
    assert!(!rest.contains("result"), "{rest}");
}

#[test]
fn only_the_request_that_is_named_is_cancelled_and_only_by_its_own_session() {
    let http = Server::shared().http();
    let (client, stranger) = (Client::connect(http), Client::connect(http));
    let response = running(&client);
    cancel(&stranger, json!(1));
    cancel(&client, json!("1"));
    cancel(&client, json!(2));
    // Those were looked for and not found: another call, cancelled later, is over by now.
    let other = running(&stranger);
    cancel(&stranger, json!(1));
    assert_eq!(ended(&stranger), Status::Cancelled);
    assert_eq!(status(&client), Status::Running);
    drop((response, other));
    assert_eq!(ended(&client), Status::Cancelled);
}

#[test]
fn what_was_cancelled_once_does_not_cancel_the_next_of_the_same_id() {
    let client = Client::connect(Server::shared().http());
    drop(running(&client));
    cancel(&client, json!(1));
    assert_eq!(ended(&client), Status::Cancelled);
    let params = json!({ "name": "python_coder", "arguments": { "code": "import time; time.sleep(0.4); print('hi')" } });
    let headers = [&client.headers()[..], &[("accept", BOTH)]].concat();
    let message = request("tools/call", params).to_string();
    let reply = client.http.send("POST", MCP, &headers, message).expect(200);
    assert!(reply.text().contains(r#""stdout":"hi\n""#), "\n{reply}");
}
