//! Decisions on code that waits: who may make them, when, and how often.

use api::history::Status;
use api::tool::ToolResponse;
use serde_json::json;

use super::approval::{APPROVAL, approve, asking_a_person, decide, waits};
use super::{INSTRUCTION, ends_well, execution, scripted};
use crate::harness::{ModelServer, Say, Server, ToolReply, until};

#[test]
fn what_does_not_wait_is_a_conflict_and_what_is_unknown_is_not_found() {
    let (_model, server) = asking_a_person([]);
    let id = waits(server.run("print('hi')"), "print('hi')");
    approve(&server, &id).prints("hi\n");
    for decision in ["approve", "reject"] {
        decide(&server, &id, decision, &json!({})).refused(409, "conflict");
        decide(&server, "0123456789abcdef", decision, &json!({})).refused(404, "not_found");
    }
    // The control: what ran without a person never waited.
    let (_model, server) = scripted([]);
    let ran = server.run("1").succeeded();
    decide(&server, ran.execution_id(), "approve", &json!({})).refused(409, "conflict");
}

#[test]
fn of_several_decisions_at_the_same_time_one_counts() {
    let (_model, server) = asking_a_person([]);
    let session = server.session();
    let code = "import time\ntime.sleep(0.2)\nopen('log', 'a').write('x')";
    let id = waits(session.run(code), code);
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let people: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| decide(&server, &id, "approve", &json!({})).status()))
            .collect();
        people
            .into_iter()
            .map(|person| person.join().unwrap())
            .collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
    assert_eq!(session.get("files/log").expect(200).text(), "x");
}

#[test]
fn what_waits_survives_kill_9() {
    let (model, server) = asking_a_person([Say::code("print('one')"), Say::done("print('two')")]);
    let id = waits(
        server.session_called("waiting").run(INSTRUCTION),
        "print('one')",
    );
    let mut again = Server::asking(&model);
    for (name, value) in APPROVAL {
        again = again.variable(name, value);
    }
    let server = again.start_in(server.kill());
    let waiting = execution(&server, &id);
    assert_eq!(
        waiting.summary.status,
        Status::AwaitingApproval,
        "{waiting:#?}"
    );
    assert_eq!(waits(approve(&server, &id), "print('two')"), id);
    let reply = ends_well(approve(&server, &id), 1, "one\ntwo\n");
    assert_eq!(reply.session_id(), "waiting", "\n{reply}");
    assert_eq!(
        model.requests()[1].messages().len(),
        4,
        "the conversation goes on"
    );
}

#[test]
fn what_the_agent_sent_beside_the_code_is_there_when_it_runs() {
    let (_model, server) = asking_a_person([]);
    let reply = server
        .tool("print(input())")
        .stdin("from the agent\n")
        .send();
    let id = waits(reply, "print(input())");
    ends_well(approve(&server, &id), 1, "from the agent\n");
}

#[test]
fn a_decision_needs_the_token_and_a_body_that_is_right() {
    let model = ModelServer::replying([]);
    let mut setup = Server::asking(&model).variable("api_token", "correct-horse");
    for (name, value) in APPROVAL {
        setup = setup.variable(name, value);
    }
    let server = setup.start();
    let http = server.http().bearer("correct-horse");
    let call = json!({ "code": "print('hi')" });
    let reply: ToolResponse = http
        .post_json("/api/tools/python_coder", &call)
        .expect(200)
        .json();
    let id = reply.metadata.execution_id.unwrap();
    for decision in ["approve", "reject"] {
        decide(&server, &id, decision, &json!({})).expect(401);
        let path = format!("/api/executions/{id}/{decision}");
        http.post_json(&path, &json!({ "code": 1, "reason": 1 }))
            .refused(400, "bad_request");
    }
    let path = format!("/api/executions/{id}/approve");
    ToolReply::of(http.post_json(&path, &json!({})).expect(200)).prints("hi\n");
}

/// A double click, a second tab: what is approved is what was seen.
#[test]
fn a_decision_on_other_code_than_waits_comes_too_late() {
    let (_model, server) = asking_a_person([Say::done("print('second')")]);
    let id = waits(server.run("missing"), "missing");
    let seen = json!({ "proposed_code": "missing" });
    let next = ToolReply::of(decide(&server, &id, "approve", &seen).expect(200));
    waits(next, "print('second')");
    decide(&server, &id, "approve", &seen).refused(409, "conflict");
    decide(&server, &id, "reject", &seen).refused(409, "conflict");
    let seen = json!({ "proposed_code": "print('second')" });
    ToolReply::of(decide(&server, &id, "approve", &seen).expect(200)).prints("second\n");
}

#[test]
fn an_approval_that_nothing_comes_of_can_be_given_again() {
    let model = ModelServer::replying([]);
    let mut setup =
        Server::asking(&model).arguments(&["--max-concurrent", "1", "--max-queued", "0"]);
    for (name, value) in APPROVAL {
        setup = setup.variable(name, value);
    }
    let server = setup.start();
    let code = "open('started', 'w')\nimport time\ntime.sleep(1000)";
    let long = waits(server.session_called("long").run(code), code);
    let id = waits(server.run("print('hi')"), "print('hi')");
    let _running = server.process().send_raw(&format!(
        "POST /api/executions/{long}/approve HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n"
    ));
    until("the long one to run", || {
        server
            .data_file("scratch/long/started")
            .exists()
            .then_some(())
    });
    let edited = json!({ "code": "print('edited')" });
    decide(&server, &id, "approve", &edited).expect(429);
    let waiting = execution(&server, &id);
    assert_eq!(
        waiting.summary.status,
        Status::AwaitingApproval,
        "{waiting:#?}"
    );
    assert_eq!(waiting.proposed_code.as_deref(), Some("print('hi')"));
    drop(_running);
    let (reply, _) = until("its turn", || {
        let reply = decide(&server, &id, "approve", &json!({}));
        (reply.status() == 200).then_some(reply)
    });
    ToolReply::of(reply).prints("hi\n");
}

#[test]
fn edited_code_that_is_no_python_is_a_mistake_and_no_instruction() {
    let (model, server) = asking_a_person([Say::done("print('mended')")]);
    let id = waits(server.run("print(1)"), "print(1)");
    let edited = json!({ "code": "please print two instead" });
    let reply = ToolReply::of(decide(&server, &id, "approve", &edited).expect(200));
    waits(reply, "print('mended')");
    assert!(
        model
            .request()
            .instruction()
            .contains("please print two instead"),
        "the model does not see it"
    );
    let first = &execution(&server, &id).attempt_list[0];
    assert_eq!(first.code, "please print two instead");
}

#[test]
fn in_native_mode_nothing_goes_on() {
    let (model, server) = asking_a_person([]);
    let id = waits(server.run("print('hi')"), "print('hi')");
    drop(model);
    let server = Server::with().start_in(server.kill());
    decide(&server, &id, "approve", &json!({})).refused(409, "conflict");
}

#[test]
fn in_safe_mode_edited_code_is_looked_at_too() {
    let variables = [
        APPROVAL[0],
        ("python_coder_openinterpreter_safe_mode", "true"),
        ("python_coder_max_retries", "1"),
    ];
    let (_model, server) = super::scripted_with([], &variables);
    let id = waits(server.run("print('hi')"), "print('hi')");
    let edited = json!({ "code": "import os\nos.remove('x')" });
    let reply = ToolReply::of(decide(&server, &id, "approve", &edited).expect(200));
    let error = reply.error.as_deref().unwrap_or_default();
    assert!(
        error.contains("Refused: line 2: os.remove is not allowed"),
        "\n{reply}"
    );
}

#[test]
fn a_decision_is_an_object_and_its_code_is_code() {
    let (_model, server) = asking_a_person([]);
    let id = waits(server.run("print('hi')"), "print('hi')");
    for body in [json!([]), json!("yes"), json!({ "code": " " })] {
        decide(&server, &id, "approve", &body).refused(400, "bad_request");
    }
    approve(&server, &id).prints("hi\n");
}
