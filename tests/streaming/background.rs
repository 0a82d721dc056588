//! A call that is answered as soon as it has begun.

use api::history::{Execution, Status};
use api::tool::Receipt;
use serde_json::json;

use super::{WAITS, follow};
use crate::harness::{ModelServer, PYTHON_CODER, Say, Server, in_words, until};

fn begin(server: &Server, session_id: &str, code: &str) -> Receipt {
    let call = json!({ "code": code, "session_id": session_id });
    let path = format!("{PYTHON_CODER}?background=true");
    let reply = server.http().post_json(&path, &call).expect(202);
    let receipt: Receipt = reply.json();
    let location = format!("/api/executions/{}", receipt.execution_id);
    assert_eq!(reply.header("location"), location, "\n{reply}");
    assert_eq!(receipt.session_id, session_id);
    assert_eq!(receipt.status, Status::Running);
    receipt
}

fn execution(server: &Server, id: &str) -> Execution {
    let path = format!("/api/executions/{id}");
    server.http().get(&path).expect(200).json()
}

#[test]
fn it_goes_on_though_nobody_waits() {
    let server = Server::shared();
    let session = server.session();
    let id = begin(server, session.id(), WAITS).execution_id;
    assert_eq!(execution(server, &id).summary.status, Status::Running);
    session.put("files/go", "").expect(201);
    let (told, response) = follow(server, &id).rest();
    assert_eq!(in_words(&told)[2..].concat(), "stdout: waiting\nwent\n");
    assert!(response.success, "{response:?}");
    let execution = execution(server, &id);
    assert_eq!(execution.summary.status, Status::Succeeded);
    assert_eq!(execution.attempt_list[0].stdout, "waiting\nwent\n");
}

#[test]
fn one_that_is_over_at_once_has_begun_too() {
    let server = Server::shared();
    let session = server.session();
    let id = begin(server, session.id(), "print('hi')").execution_id;
    let (execution, _) = until("it to end", || {
        Some(execution(server, &id)).filter(|found| found.summary.status != Status::Running)
    });
    assert_eq!(execution.attempt_list[0].stdout, "hi\n");
}

#[test]
fn a_model_is_asked_though_nobody_waits() {
    let model = ModelServer::replying([Say::done("print('hi')")]);
    let server = Server::asking(&model).start();
    let id = begin(&server, "modelled", "print the word hi for me").execution_id;
    let (_, response) = follow(&server, &id).rest();
    assert_eq!(response.data.stdout, "hi\n");
}

#[test]
fn what_can_not_run_is_refused_as_ever() {
    let server = Server::shared();
    let refused = |path: &str, body: serde_json::Value| {
        let reply = server.http().post_json(path, &body).expect(400);
        let response: api::tool::ToolResponse = reply.json();
        response.error.unwrap_or_default()
    };
    let path = format!("{PYTHON_CODER}?background=true");
    let error = refused(&path, json!({ "code": 1 }));
    assert!(error.contains("code"), "{error}");
    let path = format!("{PYTHON_CODER}?background=maybe");
    let error = refused(&path, json!({ "code": "print('hi')" }));
    assert!(error.contains("background"), "{error}");
}

#[test]
fn too_many_are_refused() {
    let server = Server::with()
        .arguments(&["--max-concurrent", "1", "--max-queued", "0"])
        .start();
    let first = begin(&server, "first", WAITS).execution_id;
    let path = format!("{PYTHON_CODER}?background=true");
    let call = json!({ "code": "print('hi')" });
    until("the first to run", || {
        let reply = server.http().post_json(&path, &call);
        (reply.status() == 429 && !reply.header("retry-after").is_empty()).then_some(())
    });
    server
        .session_called("first")
        .put("files/go", "")
        .expect(201);
    assert!(follow(&server, &first).rest().1.success);
}
