//! The prompt log's block of an execution with a model.

use insta::assert_snapshot;

use super::history::two_attempts;
use super::{ends_well, scripted};
use crate::harness::{Say, redacted};

#[test]
fn the_prompt_logs_block_has_every_attempt() {
    let (server, _reply, _execution) = two_attempts();
    let log = server.http().get("/api/logs/prompts.log").expect(200);
    let log = log.text();
    assert!(
        log.contains("TOOL EXECUTION: python_coder (OpenInterpreter mode)"),
        "{log}"
    );
    for part in [
        "--- Attempt 1/3 ---",
        "--- Attempt 2/3 ---",
        "[SUCCESS] Completed in attempt 2",
    ] {
        assert_eq!(log.matches(part).count(), 1, "{part}\n{log}");
    }
    let (first, second) = log.split_once("--- Attempt 2/3 ---").unwrap();
    assert!(
        first.contains("NameError: name 'word' is not defined"),
        "{log}"
    );
    assert!(
        second.contains("That is all.") && second.contains("bye"),
        "{log}"
    );
}

#[test]
fn the_prompt_logs_block_of_a_repair() {
    let (_model, server) = scripted([Say::done("print('hi')")]);
    ends_well(
        server.session_called("history").run("print(word)"),
        2,
        "hi\n",
    );
    let log = server.http().get("/api/logs/prompts.log").expect(200);
    redacted(|| assert_snapshot!(log.text()));
}
