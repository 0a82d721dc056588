//! The end of an execution by somebody else than its caller.

use std::thread;
use std::time::Instant;

use api::history::{Execution, Status};
use serde_json::json;

use super::{WAITS, follow, stream};
use crate::harness::{LiveEvents, ModelServer, Say, Server, in_words};

fn cancel(server: &Server, id: &str) -> Execution {
    let path = format!("/api/executions/{id}/cancel");
    server
        .http()
        .post_json(&path, &json!({}))
        .expect(200)
        .json()
}

#[test]
fn it_ends_and_its_caller_is_told() {
    let server = Server::shared();
    let session = server.session();
    let mut call = stream(server, session.id(), WAITS);
    let id = call.started();
    call.until_line();
    let began = Instant::now();
    let cancelled = cancel(server, &id);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    assert_eq!(cancelled.summary.status, Status::Cancelled);
    assert_eq!(
        cancelled.summary.error.as_deref(),
        Some("cancelled on request")
    );
    assert_eq!(cancelled.attempt_list[0].stdout, "waiting\n");
    let (_, response) = call.rest();
    assert!(!response.success);
    assert_eq!(response.error.as_deref(), Some("cancelled on request"));
    assert_eq!(response.data.stdout, "waiting\n");
    assert_eq!(response.metadata.status, Some(Status::Cancelled));
    // Who asks again is told the same as who comes too late.
    let path = format!("/api/executions/{id}/cancel");
    let refused = server.http().post_json(&path, &json!({}));
    refused.refused(409, "conflict");
    let (told, _) = follow(server, &id).rest();
    assert_eq!(in_words(&told)[2..], ["stdout: waiting\n"]);
}

#[test]
fn a_caller_who_waits_for_the_whole_is_answered() {
    let server = Server::with().start();
    let answer = thread::scope(|scope| {
        let call = scope.spawn(|| server.session_called("whole").run(WAITS));
        let (id, _) = crate::harness::until("it to run", || {
            let path = "/api/executions?status=running";
            let page: api::history::Page<api::history::ExecutionSummary> =
                server.http().get(path).expect(200).json();
            page.items
                .into_iter()
                .next()
                .map(|found| found.execution_id)
        });
        cancel(&server, &id);
        call.join().unwrap()
    });
    assert_eq!(answer.error.as_deref(), Some("cancelled on request"));
    // And the place is free.
    server.still_answers();
}

#[test]
fn what_waits_for_a_person_is_cancelled_and_can_not_be_approved() {
    let model = ModelServer::replying([Say::done("print('bad')")]);
    let server = Server::asking(&model)
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let mut call = stream(&server, "waiting", "print the word hi for me");
    let id = call.started();
    call.rest();
    assert_eq!(cancel(&server, &id).summary.status, Status::Cancelled);
    let path = format!("/api/executions/{id}/approve");
    server
        .http()
        .post_json(&path, &json!({}))
        .refused(409, "conflict");
    let log = server.http().get("/api/logs/prompts.log").expect(200);
    let log = log.text();
    assert!(log.contains("[CANCELLED] cancelled on request"), "{log}");
}

#[test]
fn a_model_that_says_nothing_is_no_longer_asked() {
    let model = ModelServer::replying([Say::done("print('hi')").never()]);
    let server = Server::asking(&model).start();
    let mut call = stream(&server, "asked", "print the word hi for me");
    let id = call.started();
    model.wait_for_requests(1);
    assert_eq!(cancel(&server, &id).summary.status, Status::Cancelled);
    model.wait_for_hang_up();
    let (_, response): (_, api::tool::ToolResponse) = LiveEvents::rest(call);
    assert_eq!(response.error.as_deref(), Some("cancelled on request"));
}

#[test]
fn there_must_be_one() {
    let path = "/api/executions/0123456789abcdef/cancel";
    let http = Server::shared().http();
    http.post_json(path, &json!({})).refused(404, "not_found");
}
