//! The memory limit, the interpreter's own memory included.

use api::python::{Limit, Outcome};

use crate::harness::{PythonService, Server, run_request, vivarium};

const MIB: u64 = 1 << 20;

#[test]
fn a_program_just_under_the_limit_succeeds_and_just_over_ends() {
    let service = PythonService::shared();
    let at_rest = service.health().image.memory_bytes;
    let run = |room: u64| {
        let mut request = run_request("data = bytearray(64 << 20)\nprint(len(data) >> 20)");
        request.memory_bytes = at_rest + room;
        service
            .start_request(&crate::harness::unique("memory"), &request)
            .finish()
    };
    let under = run(80 * MIB);
    assert_eq!(
        (under.finished.outcome, under.stdout.as_str()),
        (Outcome::Ok, "64\n"),
        "{under:?}"
    );
    // Some of it is room that the image has already.
    assert!(
        under.finished.peak_memory_bytes > at_rest + 48 * MIB,
        "{under:?}"
    );
    let over = run(48 * MIB);
    assert_eq!(
        (over.finished.outcome, over.finished.returncode),
        (Outcome::Memory, 137),
        "{over:?}"
    );
    assert!(
        over.finished.peak_memory_bytes <= at_rest + 48 * MIB,
        "{over:?}"
    );
}

#[test]
fn the_message_says_the_limit_and_what_raises_it() {
    let server = Server::with()
        .variable("python_executor_memory", 256 * MIB)
        .start();
    let reply = server
        .run("data = []\nwhile True: data.append(bytearray(1 << 20))")
        .ended(Outcome::Memory, 137);
    let limit = reply
        .data
        .limit
        .as_ref()
        .unwrap_or_else(|| panic!("no limit\n{reply}"));
    assert_eq!(
        (limit.name, limit.value),
        (Limit::Memory, 256 * MIB),
        "\n{reply}"
    );
    assert!(
        limit.message.contains("256 MiB") && limit.message.contains("python_executor_memory"),
        "\n{reply}"
    );
    server.still_answers();
}

#[test]
fn a_program_that_catches_the_memory_error_goes_on() {
    let server = Server::with()
        .variable("python_executor_memory", 256 * MIB)
        .start();
    server
        .run("try:\n    data = bytearray(1 << 30)\nexcept MemoryError:\n    print('caught')")
        .prints("caught\n");
}

#[test]
fn memory_that_was_given_back_can_be_used_again() {
    let server = Server::with()
        .variable("python_executor_memory", 384 * MIB)
        .start();
    server
        .run("for _ in range(50):\n    data = bytearray(64 << 20)\n    del data\nprint('done')")
        .prints("done\n");
}

#[test]
fn a_limit_below_what_the_interpreter_itself_needs_is_a_limit_too() {
    let service = PythonService::shared();
    let mut request = run_request("print('hi')");
    request.memory_bytes = service.health().image.memory_bytes - MIB;
    let ran = service
        .start_request(&crate::harness::unique("memory"), &request)
        .finish();
    assert_eq!(
        (ran.finished.outcome, ran.finished.returncode),
        (Outcome::Memory, 137),
        "{ran:?}"
    );
    let limit = ran.finished.limit.as_ref();
    assert!(
        limit
            .is_some_and(|limit| limit.name == Limit::Memory
                && limit.message.contains("python_executor_memory")),
        "{ran:?}"
    );
}

#[test]
fn a_setting_below_what_the_interpreter_itself_needs_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", data];
    let below = format!("python_executor_memory={}", 256 * MIB - 1);
    let ended = vivarium(&[&serve[..], &["--variable", &below]].concat(), "").expect(1);
    assert!(
        ended.stderr.contains("PYTHON_EXECUTOR_MEMORY")
            && ended.stderr.contains("268435456")
            && ended.stderr.contains("230 MiB"),
        "{ended}"
    );
}

#[test]
fn the_smallest_setting_is_enough_for_a_small_program() {
    Server::with()
        .variable("python_executor_memory", 256 * MIB)
        .start()
        .run("print('hi')")
        .prints("hi\n");
}
