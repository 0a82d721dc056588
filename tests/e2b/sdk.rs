//! The SDK from its registry, unmodified: `tests/clients/` has what it is asked to do.

use api::history::{ExecutionSummary, Page, Status};

use crate::harness::{Ended, Server, client, until};

const TOKEN: &str = "correct-horse";

/// All that a program needs beside the SDK.
#[track_caller]
fn run(server: &Server, script: &str, key: &str) -> Ended {
    let url = format!("http://{}", server.process().address());
    let script = format!("tests/clients/{script}");
    let environment = [
        ("E2B_API_URL", url.as_str()),
        ("E2B_SANDBOX_URL", url.as_str()),
        ("E2B_API_KEY", key),
    ];
    client(&[&script], &environment)
}

#[test]
fn it_runs_code_and_hangs_up() {
    run(Server::shared(), "e2b_run_code.py", "any").expect(0);
}

#[test]
fn it_reads_and_writes_files() {
    run(Server::shared(), "e2b_files.py", "any").expect(0);
}

#[test]
fn it_makes_and_ends_sandboxes() {
    run(Server::shared(), "e2b_sandboxes.py", "any").expect(0);
}

#[test]
fn it_runs_many_at_once() {
    run(Server::shared(), "e2b_async.py", "any").expect(0);
}

#[test]
fn it_is_told_what_it_can_not_have() {
    run(Server::shared(), "e2b_refused.py", "any").expect(0);
}

#[test]
fn its_key_is_our_token() {
    let server = Server::with().variable("api_token", TOKEN).start();
    for script in ["e2b_sandboxes.py", "e2b_files.py"] {
        run(&server, script, TOKEN).expect(0);
    }
    let refused = run(&server, "e2b_files.py", "wrong").expect(1);
    assert!(
        refused.stderr.contains("AuthenticationException"),
        "\n{refused}"
    );
}

#[test]
fn what_it_runs_is_in_the_history() {
    let server = Server::with().start();
    run(&server, "e2b_async.py", "any").expect(0);
    // It was forgotten with its sandbox.
    let none: Page<ExecutionSummary> = server.http().get("/api/executions").json();
    assert_eq!(none.items, []);

    let id = super::sandbox(server.http());
    super::post(
        server.http(),
        "/execute",
        &id,
        &serde_json::json!({ "code": "1" }),
    );
    let (execution, _) = until("the execution", || {
        let page: Page<ExecutionSummary> = server.http().get("/api/executions").json();
        page.items.into_iter().find(|one| one.session_id == id)
    });
    assert_eq!(execution.status, Status::Succeeded);
}
