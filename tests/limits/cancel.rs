//! A client that hangs up stops its run.

use std::time::Duration;

use api::history::{Execution, ExecutionSummary, Page, Status};
use api::python::Outcome;

use crate::harness::{PythonService, Server, until};

/// As long as the issue allows a run to go on after its client has gone.
const PROMPTLY: Duration = Duration::from_millis(100);

/// How long a program goes on after its client hangs up; the best of several, for a busy machine may
/// be late to ask.
fn time_to_stop(code: &str) -> Duration {
    let service = PythonService::start(&["--max-concurrent", "1"]);
    let times = (0..5).map(|_| {
        let mut run = service.start_run(&format!("print('started', flush=True)\n{code}"));
        run.wait_for_line();
        assert_eq!(service.health().running, 1);
        drop(run);
        until("the run to stop", || {
            (service.health().running == 0).then_some(())
        })
        .1
    });
    times.min().unwrap()
}

#[test]
fn a_program_that_calculates_stops() {
    let time = time_to_stop("while True: pass");
    assert!(time < PROMPTLY, "{time:?}");
}

#[test]
fn a_program_that_sleeps_stops() {
    let time = time_to_stop("import time; time.sleep(1e9)");
    assert!(time < PROMPTLY, "{time:?}");
}

#[test]
fn a_program_that_prints_forever_stops() {
    let time = time_to_stop("while True: print('x')");
    assert!(time < PROMPTLY, "{time:?}");
}

#[test]
fn one_operation_that_takes_forever_stops() {
    let time = time_to_stop("10**10**8");
    assert!(time < PROMPTLY, "{time:?}");
}

#[test]
fn a_run_that_still_waits_in_the_queue_is_taken_out() {
    let service = PythonService::start(&["--max-concurrent", "1"]);
    let mut first = service.start_run("print('started', flush=True)\nimport time; time.sleep(1e9)");
    first.wait_for_line();
    let second = service.start_run("print('hi')");
    until("the second to queue", || {
        (service.health().queued == 1).then_some(())
    });
    drop(second);
    until("the second to leave the queue", || {
        (service.health().queued == 0).then_some(())
    });
    drop(first);
    assert_eq!(service.run("print('hi')").stdout, "hi\n");
}

#[test]
fn a_tool_call_whose_client_hangs_up_is_recorded_as_cancelled() {
    let server = Server::with().start();
    let session = server.session_called("hung-up");
    let body = serde_json::json!({ "code": "print('partial', flush=True)\nopen('started', 'w')\nwhile True: pass", "session_id": session.id() }).to_string();
    let request = format!(
        "POST /api/tools/python_coder HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let connection = server.process().send_raw(&request);
    until("the program to start", || {
        (session.get("files/started").status() == 200).then_some(())
    });
    drop(connection);
    let config = || -> api::config::Config { server.http().get("/api/config").expect(200).json() };
    until("the run to stop", || {
        (config().python?.running == 0).then_some(())
    });
    let executions = || -> Page<ExecutionSummary> {
        server
            .http()
            .get("/api/sessions/hung-up/executions")
            .expect(200)
            .json()
    };
    let (status, _) = until("the history to know", || {
        let status = executions().items.first()?.status;
        (status != Status::Running).then_some(status)
    });
    assert_eq!(status, Status::Cancelled);
    let execution: Execution = server
        .http()
        .get(&format!(
            "/api/executions/{}",
            executions().items[0].execution_id
        ))
        .expect(200)
        .json();
    assert_eq!(execution.attempt_list[0].stdout, "partial\n");
    assert_eq!(execution.attempt_list[0].outcome, Some(Outcome::Cancelled));
    server.still_answers();
}
