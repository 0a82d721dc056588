//! The wall-clock deadline holds whatever the program does.

use std::time::{Duration, Instant};

use api::python::{Limit, Outcome};

use crate::harness::Server;

/// Asserts that a program is stopped at its deadline, with the limit's own outcome and message.
#[track_caller]
fn stopped(code: &str) {
    let start = Instant::now();
    let reply = Server::shared().tool(code).timeout(0.5).send();
    let elapsed = start.elapsed();
    let reply = reply.ended(Outcome::Timeout, 124);
    let limit = reply
        .data
        .limit
        .as_ref()
        .unwrap_or_else(|| panic!("no limit\n{reply}"));
    assert_eq!(
        (limit.name, limit.value),
        (Limit::Timeout, 500),
        "\n{reply}"
    );
    assert!(
        limit.message.contains("0.5 s") && limit.message.contains("python_executor_timeout"),
        "\n{reply}"
    );
    assert!(
        reply.answer.contains(&limit.message),
        "the agent is not told\n{reply}"
    );
    assert!(
        elapsed >= Duration::from_millis(500) && elapsed < Duration::from_secs(3),
        "{elapsed:?}\n{reply}"
    );
    Server::shared().still_answers();
}

#[test]
fn an_endless_loop() {
    stopped("while True: pass");
}

#[test]
fn an_endless_loop_that_catches_everything() {
    stopped("while True:\n    try:\n        while True: pass\n    except BaseException: pass");
}

#[test]
fn one_operation_that_takes_forever() {
    stopped("10**10**8");
}

#[test]
fn a_catastrophic_regular_expression() {
    stopped("import re; re.match(r'(a+)+$', 'a' * 50 + 'b')");
}

#[test]
fn a_long_sleep() {
    stopped("import time; time.sleep(1e9)");
}

#[test]
fn a_loop_inside_a_library() {
    stopped("import numpy as np\nwhile True: np.linalg.svd(np.ones((200, 200)))");
}

#[test]
fn a_finalizer_that_never_ends() {
    stopped("class A:\n    def __del__(self):\n        while True: pass\na = A()");
}

#[test]
fn an_exit_handler_that_never_ends() {
    stopped("import atexit\n@atexit.register\ndef forever():\n    while True: pass");
}

#[test]
fn printing_forever() {
    stopped("while True: print('x' * 1000)");
}

#[test]
fn what_was_printed_before_is_kept() {
    let reply = Server::shared()
        .tool("print('before')\nwhile True: pass")
        .timeout(0.5)
        .send();
    assert_eq!(reply.ended(Outcome::Timeout, 124).data.stdout, "before\n");
}

#[test]
fn a_program_just_under_the_deadline_succeeds() {
    Server::shared()
        .tool("import time; time.sleep(0.5); print('done')")
        .timeout(1.5)
        .send()
        .prints("done\n");
}

#[test]
fn the_setting_is_the_deadline_of_a_request_that_asks_for_none() {
    let server = Server::with()
        .variable("python_executor_timeout", "0.5")
        .start();
    server
        .run("import time; time.sleep(1e9)")
        .ended(Outcome::Timeout, 124);
    server
        .tool("import time; time.sleep(0.8); print('done')")
        .timeout(5.0)
        .send()
        .prints("done\n");
}

#[test]
fn a_request_may_ask_for_no_more_than_the_most_allowed() {
    let server = Server::with()
        .variable("python_executor_timeout", "1")
        .variable("python_executor_max_timeout", "2")
        .start();
    server
        .tool("print('hi')")
        .timeout(2.0)
        .send()
        .prints("hi\n");
    server.tool("print('hi')").timeout(2.1).reply().expect(400);
}
