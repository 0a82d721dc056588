//! Tracebacks show the user's file and lines, and no frames of ours.

use insta::assert_snapshot;

use crate::harness::{Server, redacted};

/// The traceback of a program, in a snapshot.
macro_rules! assert_traceback {
    ($code:expr) => {
        let reply = Server::shared().run($code);
        assert!(!reply.success, "it did not fail\n{reply}");
        redacted(|| assert_snapshot!(reply.data.stderr));
    };
}

#[test]
fn an_exception_names_the_script_and_shows_its_lines() {
    assert_traceback!("def half(x):\n    return x / 0\n\nfor i in range(3):\n    half(i)\n");
}

#[test]
fn a_syntax_error_shows_where() {
    assert_traceback!("x = 1\nif x\n    print(x)\n");
}

#[test]
fn an_indentation_error_shows_where() {
    assert_traceback!("def f():\nreturn 1\n");
}

#[test]
fn a_chain_of_exceptions_is_shown() {
    assert_traceback!(
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('worse') from error\n"
    );
}

#[test]
fn an_exception_in_a_final_expression_shows_its_line() {
    assert_traceback!("values = {}\nvalues['missing']");
}

#[test]
fn an_exception_inside_a_library_shows_the_librarys_lines_and_ours_not() {
    let reply = Server::shared().run("import json\njson.loads('{')");
    assert!(reply.data.stderr.contains("json/__init__.py"), "\n{reply}");
    for ours in ["vivarium", "runner", "<string>", "exec("] {
        assert!(
            !reply.data.stderr.contains(ours),
            "`{ours}` is shown\n{reply}"
        );
    }
}

#[test]
fn a_traceback_shows_the_lines_although_the_program_removed_its_script() {
    let code = "import os, sys\nos.remove(sys.argv[0])\nopen(sys.argv[0], 'w').write('other\\n' * 9)\n1 / 0  # the line";
    let reply = Server::shared()
        .run(code)
        .raises("ZeroDivisionError: division by zero");
    assert!(reply.data.stderr.contains("1 / 0  # the line"), "\n{reply}");
}

#[test]
fn an_exception_group_is_shown() {
    assert_traceback!("raise ExceptionGroup('several', [ValueError('one'), TypeError('two')])");
}

#[test]
fn printing_a_traceback_oneself_shows_no_frames_of_ours() {
    assert_traceback!(
        "import traceback\ndef f():\n    traceback.print_stack()\nf()\nraise SystemExit(1)"
    );
}

#[test]
fn an_exception_whose_text_fails_still_ends_the_program() {
    let code = "class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E";
    Server::shared()
        .run(code)
        .raises("E: <exception str() failed>");
}

#[test]
fn a_very_long_message_is_shortened() {
    let reply = Server::shared().run("raise ValueError('x' * 10_000_000)");
    assert!(
        reply.data.stderr.len() < 200_000 && reply.error.as_ref().unwrap().len() < 200_000,
        "{}",
        reply.data.stderr.len()
    );
}
