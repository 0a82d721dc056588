//! `auto_run` = false: code waits for a person, who lets it run, edits it, or rejects it.

use api::history::Status;
use serde_json::{Value, json};

use super::{INSTRUCTION, ends_well, execution, in_attempts, scripted_with};
use crate::harness::{ModelServer, Reply, Say, Server, ToolReply};

pub(super) const APPROVAL: [(&str, &str); 1] = [("python_coder_openinterpreter_auto_run", "false")];

pub(super) fn asking_a_person(script: impl IntoIterator<Item = Say>) -> (ModelServer, Server) {
    scripted_with(script, &APPROVAL)
}

/// Asserts that this code waits for a person; gives the execution's id.
#[track_caller]
pub(super) fn waits(reply: ToolReply, code: &str) -> String {
    let id = reply.execution_id().to_owned();
    let error =
        format!("the code waits for approval: POST /api/executions/{id}/approve or /reject");
    let reply = reply.fails(&error);
    assert_eq!(
        reply.metadata.status,
        Some(Status::AwaitingApproval),
        "\n{reply}"
    );
    assert_eq!(reply.data.proposed_code.as_deref(), Some(code), "\n{reply}");
    assert!(
        reply.answer.contains(code),
        "the agent is not told\n{reply}"
    );
    id
}

pub(super) fn decide(server: &Server, id: &str, decision: &str, body: &Value) -> Reply {
    server
        .http()
        .post_json(&format!("/api/executions/{id}/{decision}"), body)
}

#[track_caller]
pub(super) fn approve(server: &Server, id: &str) -> ToolReply {
    ToolReply::of(decide(server, id, "approve", &json!({})).expect(200))
}

#[track_caller]
fn reject(server: &Server, id: &str, reason: &str) -> ToolReply {
    ToolReply::of(decide(server, id, "reject", &json!({ "reason": reason })).expect(200))
}

#[test]
fn what_the_caller_sent_waits_and_runs_when_it_is_approved() {
    let (model, server) = asking_a_person([]);
    let session = server.session();
    let code = "open('ran', 'a').write('x')\nprint('hi')";
    let id = waits(session.run(code), code);
    session.get("files/ran").expect(404);
    let waiting = execution(&server, &id);
    assert_eq!(
        waiting.summary.status,
        Status::AwaitingApproval,
        "{waiting:#?}"
    );
    assert_eq!(waiting.proposed_code.as_deref(), Some(code), "{waiting:#?}");
    let reply = ends_well(approve(&server, &id), 1, "hi\n");
    assert_eq!(
        (reply.execution_id(), reply.session_id()),
        (&*id, session.id()),
        "\n{reply}"
    );
    assert_eq!(session.get("files/ran").expect(200).text(), "x");
    let ended = execution(&server, &id);
    assert_eq!(
        (ended.summary.status, &ended.proposed_code),
        (Status::Succeeded, &None),
        "{ended:#?}"
    );
    model.was_asked(0);
}

#[test]
fn what_the_model_wrote_waits_too() {
    let (model, server) = asking_a_person([Say::done("print('hi')")]);
    let id = waits(server.run(INSTRUCTION), "print('hi')");
    ends_well(approve(&server, &id), 1, "hi\n");
    model.was_asked(1);
}

#[test]
fn each_step_and_each_attempt_waits() {
    let (model, server) = asking_a_person([
        Say::code("print('one')"),
        Say::code("missing"),
        Say::done("print('three')"),
    ]);
    let id = waits(server.run(INSTRUCTION), "print('one')");
    assert_eq!(waits(approve(&server, &id), "missing"), id);
    assert_eq!(waits(approve(&server, &id), "print('three')"), id);
    ends_well(approve(&server, &id), 2, "three\n");
    model.was_asked(3);
}

#[test]
fn an_edited_program_runs_in_place_of_the_proposed_one() {
    let (_model, server) = asking_a_person([Say::done("open('proposed', 'w')")]);
    let id = waits(server.run(INSTRUCTION), "open('proposed', 'w')");
    let edited = json!({ "code": "print('edited')" });
    let reply = ToolReply::of(decide(&server, &id, "approve", &edited).expect(200));
    let reply = ends_well(reply, 1, "edited\n");
    assert_eq!(reply.files(), [""; 0], "\n{reply}");
    assert_eq!(
        execution(&server, &id).attempt_list[0].code,
        "print('edited')"
    );
}

#[test]
fn a_rejection_tells_the_model_why() {
    let (model, server) = asking_a_person([Say::done("print('hi')")]);
    let code = "open('ran', 'w')";
    let id = waits(server.run(code), code);
    let reply = reject(&server, &id, "Write no files, please.");
    assert_eq!(waits(reply, "print('hi')"), id);
    let instruction = model.request().instruction();
    assert!(
        instruction.contains("Rejected: Write no files, please."),
        "{instruction}"
    );
    let reply = ends_well(approve(&server, &id), 2, "hi\n");
    assert_eq!(reply.files(), [""; 0], "\n{reply}");
}

#[test]
fn a_rejection_of_the_last_attempt_ends_it() {
    let (model, server) = scripted_with([], &[APPROVAL[0], ("python_coder_max_retries", "1")]);
    let id = waits(server.run("print('hi')"), "print('hi')");
    let reply = reject(&server, &id, "No.").fails("Failed after 1 attempt: Rejected: No.");
    in_attempts(&reply, 1);
    assert_eq!(reply.metadata.status, Some(Status::Failed), "\n{reply}");
    assert_eq!(execution(&server, &id).summary.status, Status::Failed);
    model.was_asked(0);
}
