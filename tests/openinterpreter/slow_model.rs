//! A model server that is slow: the request's timeout bounds the whole call, the model included.

use std::time::{Duration, Instant};

use api::error::ErrorCode;
use api::tool::ToolResponse;

use super::{INSTRUCTION, ends_well, in_attempts, scripted};
use crate::harness::Say;

/// The time limit of these calls.
const LIMIT: Duration = Duration::from_secs(1);
/// The time limit, and what a busy machine may need beside it.
const BOUND: Duration = Duration::from_secs(4);

/// Asserts that a call whose model is so slow ends in time, and that the model's connection does too.
#[track_caller]
fn bounded(say: Say) {
    let (model, server) = scripted([say]);
    let start = Instant::now();
    let reply = server
        .tool(INSTRUCTION)
        .timeout(LIMIT.as_secs_f64())
        .reply();
    let elapsed = start.elapsed();
    assert!((LIMIT..BOUND).contains(&elapsed), "{elapsed:?}\n{reply}");
    // The status depends on whether the answer had to begin before this was known; what it says does not.
    assert!(matches!(reply.status(), 200 | 502), "\n{reply}");
    let response: ToolResponse = reply.json();
    assert_eq!(
        response.metadata.code,
        Some(ErrorCode::ModelUnavailable),
        "\n{reply}"
    );
    let error = response.error.unwrap_or_default();
    assert!(
        error.contains(&model.url()) && error.contains("too long"),
        "\n{reply}"
    );
    model.wait_for_hang_up();
    server.still_answers();
}

#[test]
fn a_model_that_says_nothing() {
    bounded(Say::done("print('hi')").never());
}

#[test]
fn a_model_that_stalls_in_the_stream() {
    bounded(Say::done("print('hi')").stalls());
}

#[test]
fn a_model_that_stalls_in_the_body() {
    bounded(Say::done("print('hi')").whole().stalls());
}

/// The control.
#[test]
fn a_model_that_takes_its_time_within_the_limit() {
    let (_model, server) = scripted([
        Say::code("print('hi')").waits(Duration::from_millis(600)),
        Say::text("Done.").waits(Duration::from_millis(600)),
    ]);
    let reply = server.tool(INSTRUCTION).timeout(20.0).send();
    let reply = ends_well(reply, 1, "hi\n");
    let (whole, program) = (
        reply.metadata.execution_time,
        reply.metadata.code_execution_time,
    );
    assert!(
        whole >= 1.2 && program < 1.0,
        "{program} s of {whole} s\n{reply}"
    );
}

#[test]
fn after_code_has_run_its_error_is_what_is_told() {
    let (model, server) = scripted([Say::done("print('hi')").never()]);
    let start = Instant::now();
    let reply = server
        .tool("missing")
        .timeout(LIMIT.as_secs_f64())
        .send()
        .fails("Failed after 1 attempt: NameError: name 'missing' is not defined; stopped early: the time limit of 1 s is over");
    let elapsed = start.elapsed();
    assert!((LIMIT..BOUND).contains(&elapsed), "{elapsed:?}\n{reply}");
    in_attempts(&reply, 1);
    model.wait_for_hang_up();
}

#[test]
fn after_the_last_code_ran_well_it_spoils_nothing() {
    let (model, server) = scripted([Say::code("print('hi')"), Say::text("Done.").never()]);
    let reply = server.tool(INSTRUCTION).timeout(LIMIT.as_secs_f64()).send();
    ends_well(reply, 1, "hi\n");
    model.wait_for_hang_up();
}

/// What the model took is no longer there for its program.
#[test]
fn a_program_has_the_time_that_the_model_has_left() {
    let forever = "while True: pass";
    let (_model, server) = scripted([Say::done(forever).waits(Duration::from_millis(500))]);
    let start = Instant::now();
    let reply = server.tool(INSTRUCTION).timeout(LIMIT.as_secs_f64()).send();
    let elapsed = start.elapsed();
    assert!(
        !reply.success && (LIMIT..BOUND).contains(&elapsed),
        "{elapsed:?}\n{reply}"
    );
    let program = reply.metadata.code_execution_time;
    assert!(program < 0.9, "{program} s\n{reply}");
}
