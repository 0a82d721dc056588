//! Output past the limit is dropped and counted, and the program goes on.

use crate::harness::Server;

const LIMIT: u64 = 10_000;

fn server() -> Server {
    Server::with()
        .variable("python_executor_max_output_size", LIMIT)
        .start()
}

#[test]
fn exactly_the_limit_is_kept_whole() {
    let reply = server()
        .run("import sys; sys.stdout.write('x' * 10_000); sys.stderr.write('y' * 10_000); None")
        .succeeded();
    assert_eq!(
        (reply.data.stdout.len(), reply.data.stderr.len()),
        (10_000, 10_000)
    );
    assert_eq!(reply.data.truncated, Default::default());
}

#[test]
fn one_byte_more_is_dropped_and_counted() {
    let reply = server()
        .run("import sys; sys.stdout.write('x' * 10_001); open('went-on', 'w')\nNone")
        .succeeded();
    assert_eq!(
        (reply.data.stdout.len(), reply.data.truncated.stdout_bytes),
        (10_000, 1),
        "\n{reply}"
    );
    assert_eq!(reply.data.truncated.stderr_bytes, 0, "\n{reply}");
    assert_eq!(
        reply.files(),
        ["went-on"],
        "the program did not go on\n{reply}"
    );
}

#[test]
fn the_streams_are_counted_apart() {
    let reply = server().run("import sys\nfor _ in range(30):\n    print('x' * 999)\n    print('y' * 999, file=sys.stderr)").succeeded();
    let truncated = reply.data.truncated;
    assert_eq!(
        (truncated.stdout_bytes, truncated.stderr_bytes),
        (20_000, 20_000),
        "\n{reply}"
    );
}

#[test]
fn the_agent_is_told_what_was_dropped() {
    let reply = server().run("print('x' * 20_000)").succeeded();
    assert!(
        reply.answer.contains("10001"),
        "the answer does not say how much was dropped\n{reply}"
    );
    assert!(reply.answer.len() < 15_000);
}

#[test]
fn a_traceback_is_kept_although_the_program_printed_too_much() {
    let reply = server().run("import sys\nprint('y' * 20_000, file=sys.stderr)\n1 / 0");
    assert!(!reply.success);
    assert!(
        reply
            .data
            .stderr
            .contains("ZeroDivisionError: division by zero"),
        "\n{reply}"
    );
}

#[test]
fn a_character_is_not_cut_in_two() {
    let reply = server().run("print('x' + '€' * 5_000)").succeeded();
    assert!(reply.data.stdout.trim_end().ends_with('€'), "\n{reply}");
    assert_eq!(
        reply.data.stdout.len() as u64 + reply.data.truncated.stdout_bytes,
        15_002,
        "\n{reply}"
    );
}

#[test]
fn a_program_may_print_much_more_than_is_kept() {
    let reply = server()
        .run("for _ in range(300): print('x' * 999_999)\nopen('went-on', 'w')\nNone")
        .succeeded();
    assert_eq!(
        reply.data.truncated.stdout_bytes,
        300_000_000 - LIMIT,
        "\n{reply}"
    );
    assert_eq!(reply.files(), ["went-on"], "\n{reply}");
}
