//! Sessions, executions and attempts.

use api::history::{Execution, ExecutionSummary, Page, Session, Status};
use insta::assert_json_snapshot;
use serde_json::json;

use crate::harness::{Server, ToolCall, redacted};

#[test]
fn an_execution_is_kept_with_all_that_is_known_of_it() {
    let server = Server::shared();
    let call = json!({
        "code": "print('out')\nimport sys\nprint('err', file=sys.stderr)\nopen('made.txt', 'w').write('x')\n6 * 7",
        "session_id": "history-success",
        "context": { "user_query": "What is 6 times 7?", "current_thought": "I can calculate it" },
    });
    let reply =
        crate::harness::ToolReply::of(server.http().post_json("/api/tools/python_coder", &call))
            .succeeded();
    let execution = server
        .http()
        .get(&format!("/api/executions/{}", reply.execution_id()))
        .expect(200);
    redacted(|| assert_json_snapshot!(execution.json::<serde_json::Value>()));
}

#[test]
fn a_failed_execution_is_kept_with_its_error() {
    let server = Server::shared();
    let reply = server.session_called("history-failure").run("int('x')");
    let execution = server
        .http()
        .get(&format!("/api/executions/{}", reply.execution_id()))
        .expect(200);
    redacted(|| assert_json_snapshot!(execution.json::<serde_json::Value>()));
}

#[test]
fn an_execution_has_what_its_tool_call_answered() {
    let server = Server::shared();
    let reply = server
        .session()
        .tool("print('a' * 10)\nwhile True: pass")
        .timeout(0.3)
        .send();
    let execution: Execution = server
        .http()
        .get(&format!("/api/executions/{}", reply.execution_id()))
        .expect(200)
        .json();
    let attempt = &execution.attempt_list[0];
    assert_eq!(attempt.stdout, reply.data.stdout);
    assert_eq!(attempt.stderr, reply.data.stderr);
    assert_eq!(attempt.limit, reply.data.limit);
    assert_eq!(attempt.outcome, reply.metadata.outcome);
    assert_eq!(attempt.returncode, Some(reply.data.returncode));
    assert_eq!(execution.summary.status, Status::Failed);
    assert_eq!(execution.summary.error, reply.error);
}

#[test]
fn what_came_with_the_code_is_kept_whole() {
    let server = Server::shared();
    let long = format!("first\n{}", "é".repeat(1 << 20));
    let kept = |call: ToolCall<'_>| -> serde_json::Value {
        let id = call.send().succeeded().execution_id().to_owned();
        let execution = server.http().get(&format!("/api/executions/{id}"));
        execution.expect(200).json()
    };
    let session = server.session();
    let call = session.tool("print(input())");
    let both = kept(call.timeout(7.5).stdin(&long));
    assert_eq!(both["timeout"], 7.5);
    assert_eq!(both["stdin"].as_str(), Some(&*long));
    let call = session.tool("1");
    let one = kept(call.timeout(2.0));
    assert_eq!((&one["timeout"], one.get("stdin")), (&json!(2.0), None));
    let neither = kept(session.tool("1").stdin(""));
    assert_eq!((neither.get("timeout"), neither.get("stdin")), (None, None));
}

#[test]
fn a_session_counts_its_executions_and_shows_the_latest() {
    let server = Server::shared();
    let session = server.session();
    session.run("1").succeeded();
    session.run("1 / 0");
    let shown: Session = server
        .http()
        .get(&format!("/api/sessions/{}", session.id()))
        .expect(200)
        .json();
    assert_eq!(
        (shown.executions, shown.last_status),
        (2, Some(Status::Failed)),
        "{shown:?}"
    );
    assert_eq!(shown.workspace, format!("data/scratch/{}", session.id()));
    assert!(shown.updated_at > shown.created_at, "{shown:?}");
}

#[test]
fn executions_are_listed_newest_first() {
    let server = Server::shared();
    let session = server.session();
    for number in 1..=3 {
        session.run(&format!("# {number}")).succeeded();
    }
    let page: Page<ExecutionSummary> = server
        .http()
        .get(&format!("/api/sessions/{}/executions", session.id()))
        .expect(200)
        .json();
    let previews: Vec<_> = page
        .items
        .iter()
        .map(|execution| execution.preview.as_str())
        .collect();
    assert_eq!(previews, ["# 3", "# 2", "# 1"]);
    assert_eq!(page.next_cursor, None);
}

#[test]
fn a_preview_is_the_first_200_characters() {
    let server = Server::shared();
    let session = server.session();
    session.run(&format!("#{}", "ü".repeat(300))).succeeded();
    let page: Page<ExecutionSummary> = server
        .http()
        .get(&format!("/api/sessions/{}/executions", session.id()))
        .expect(200)
        .json();
    assert_eq!(page.items[0].preview, format!("#{}", "ü".repeat(199)));
}

#[test]
fn sessions_are_listed_by_their_latest_execution() {
    let server = Server::with().start();
    for session in ["a", "b", "c", "a"] {
        server.session_called(session).run("1").succeeded();
    }
    let page: Page<Session> = server.http().get("/api/sessions").expect(200).json();
    let ids: Vec<_> = page
        .items
        .iter()
        .map(|session| session.session_id.as_str())
        .collect();
    assert_eq!(ids, ["a", "c", "b"]);
}

#[test]
fn a_refused_request_leaves_no_execution() {
    let server = Server::with().start();
    server.tool("1").session("-bad").reply().expect(400);
    server.tool("1").timeout(-1.0).reply().expect(400);
    let page: Page<Session> = server.http().get("/api/sessions").expect(200).json();
    assert_eq!(page.items, []);
}
