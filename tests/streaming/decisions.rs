//! Code that waits for a person: the stream ends, and goes on with the decision.

use api::history::Status;
use serde_json::json;

use super::{follow, stream};
use crate::harness::{LiveEvents, ModelServer, Say, Server, in_words};

#[test]
fn a_stream_ends_where_code_waits_and_goes_on_with_the_decision() {
    let model = ModelServer::replying([Say::done("print('bad')"), Say::done("print('good')")]);
    let server = Server::asking(&model)
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let mut call = stream(&server, "waiting", "print the word hi for me");
    let id = call.started();
    let (told, answer) = call.rest();
    assert_eq!(
        in_words(&told),
        ["model: ```python\nprint('bad')\n```\nDONE"]
    );
    assert_eq!(answer.metadata.status, Some(Status::AwaitingApproval));
    assert_eq!(answer.data.proposed_code.as_deref(), Some("print('bad')"));
    // Who follows is told the same.
    let (_, followed) = follow(&server, &id).rest();
    assert_eq!(followed.answer, answer.answer);
    assert_eq!(followed.data, answer.data);
    assert_eq!(followed.metadata.status, Some(Status::AwaitingApproval));

    let decide = |decision: &str| {
        let path = format!("/api/executions/{id}/{decision}");
        LiveEvents::of_post(server.http(), &path, &json!({})).rest()
    };
    let (told, answer) = decide("reject");
    assert_eq!(
        in_words(&told),
        ["started", "model: ```python\nprint('good')\n```\nDONE"]
    );
    assert_eq!(answer.data.proposed_code.as_deref(), Some("print('good')"));
    let (told, answer) = decide("approve");
    let why = "Rejected: no reason was given";
    let attempt = format!("attempt 2: print('good') ({why})");
    assert_eq!(in_words(&told), ["started", &attempt, "stdout: good\n"]);
    assert!(answer.success);
    // From beginning to end, whoever decided and when.
    let (told, finished) = follow(&server, &id).rest();
    assert_eq!(
        in_words(&told),
        [
            "started",
            "model: ```python\nprint('bad')\n```\nDONE```python\nprint('good')\n```\nDONE",
            &attempt,
            "stdout: good\n",
        ]
    );
    assert_eq!(finished.answer, answer.answer);
}

#[test]
fn what_can_not_be_decided_keeps_its_status() {
    let headers = [("accept", "text/event-stream")];
    let model = ModelServer::replying([]);
    let server = Server::asking(&model).start();
    let path = "/api/executions/0123456789abcdef/approve";
    let reply = server.http().send("POST", path, &headers, "{}");
    reply.refused(404, "not_found");
}
