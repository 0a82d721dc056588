//! What ends the attempts: their number, the same failure twice, the tokens, the time.

use super::{INSTRUCTION, ends_well, in_attempts, scripted, scripted_with};
use crate::harness::Say;

#[test]
fn the_same_code_with_the_same_error_ends_the_attempts() {
    let (model, server) = scripted([Say::done("missing"), Say::done("print('too late')")]);
    let reply = server.run("missing").fails(
        "Failed after 2 attempts: NameError: name 'missing' is not defined; \
         stopped early: the same code failed with the same error twice",
    );
    in_attempts(&reply, 2);
    model.was_asked(1);
}

#[test]
fn the_same_code_after_other_code_ends_them_too() {
    let five = [("python_coder_max_retries", "5")];
    let (model, server) = scripted_with(
        [Say::done("other"), Say::done("missing"), Say::done("1")],
        &five,
    );
    server.run("missing").fails(
        "Failed after 3 attempts: NameError: name 'missing' is not defined; \
         stopped early: the same code failed with the same error twice",
    );
    model.was_asked(2);
}

/// The controls: other code with the same error, and the same code with another error.
#[test]
fn what_differs_in_one_of_the_two_goes_on() {
    let (_model, server) = scripted([Say::done("# Once more\nmissing"), Say::done("print('hi')")]);
    ends_well(server.run("missing"), 3, "hi\n");
    let counts = "import pathlib\nlog = pathlib.Path('log')\nlog.write_text(log.read_text() + 'x' if log.exists() else 'x')\nif len(log.read_text()) < 3: raise ValueError(log.read_text())\nprint('hi')";
    let (_model, server) = scripted([Say::done(counts), Say::done(counts)]);
    ends_well(server.run(counts), 3, "hi\n");
}

#[test]
fn the_setting_is_how_many_attempts_there_are() {
    for (limit, named) in [(1, "1 attempt"), (2, "2 attempts"), (5, "5 attempts")] {
        let replies = (2..=9).map(|number| Say::done(&format!("missing_{number}")));
        let (model, server) =
            scripted_with(replies, &[("python_coder_max_retries", &limit.to_string())]);
        let reply = server.run("missing_1").fails(&format!(
            "Failed after {named}: NameError: name 'missing_{limit}' is not defined"
        ));
        in_attempts(&reply, limit);
        assert!(
            reply
                .data
                .stderr
                .contains(&format!("Attempt {limit}/{limit}:")),
            "\n{reply}"
        );
        model.was_asked(limit as usize - 1);
    }
}

const BUDGET: [(&str, &str); 1] = [("python_coder_max_tokens", "1000")];

#[test]
fn the_budget_of_tokens_ends_the_attempts() {
    let (model, server) = scripted_with(
        [
            Say::done("second").tokens(900, 200),
            Say::done("print('too late')"),
        ],
        &BUDGET,
    );
    let reply = server.run("first").fails(
        "Failed after 2 attempts: NameError: name 'second' is not defined; \
         stopped early: the budget of 1000 tokens (python_coder_max_tokens) is spent",
    );
    in_attempts(&reply, 2);
    model.was_asked(1);
}

/// Just under.
#[test]
fn a_token_that_is_left_is_enough_to_ask_again() {
    let (model, server) = scripted_with(
        [
            Say::done("second").tokens(900, 99),
            Say::done("print('hi')"),
        ],
        &BUDGET,
    );
    ends_well(server.run("first"), 3, "hi\n");
    model.was_asked(2);
}

#[test]
fn code_that_was_paid_for_runs_and_nobody_is_asked_for_more() {
    let (model, server) = scripted_with(
        [
            Say::code("print('hi')").tokens(900, 200),
            Say::code("print('too late')"),
        ],
        &BUDGET,
    );
    ends_well(server.run(INSTRUCTION), 1, "hi\n");
    model.was_asked(1);
}

#[test]
fn tokens_that_nobody_counted_count_as_estimated() {
    let long = format!("# {}\nsecond", "word ".repeat(4000));
    let (model, server) = scripted_with(
        [
            Say::done(&long).without_usage(),
            Say::done("print('too late')"),
        ],
        &BUDGET,
    );
    let reply = server.run("first").fails(
        "Failed after 2 attempts: NameError: name 'second' is not defined; \
         stopped early: the budget of 1000 tokens (python_coder_max_tokens) is spent",
    );
    assert!(
        reply.metadata.tokens.is_some_and(|tokens| tokens.estimated),
        "\n{reply}"
    );
    model.was_asked(1);
}

#[test]
fn the_time_ends_the_attempts() {
    let (model, server) = scripted([Say::done("print('too late')")]);
    let reply = server.tool("while True: pass").timeout(0.5).send();
    let error = reply.error.as_deref().unwrap_or_default();
    assert!(
        !reply.success
            && error.starts_with("Failed after 1 attempt: ")
            && error.ends_with("; stopped early: the time limit of 0.5 s is over"),
        "\n{reply}"
    );
    assert_eq!(reply.data.returncode, 124, "\n{reply}");
    model.was_asked(0);
}

/// The script's name is in the error, and differs in each attempt; so may the end of the last line.
#[test]
fn the_same_mistake_in_another_script_is_the_same() {
    let (model, server) = scripted_with(
        [Say::done("print("), Say::done("print(")],
        &[("python_coder_retry_strategy", "model")],
    );
    let reply = server.run(INSTRUCTION).fails(
        "Failed after 2 attempts: SyntaxError: '(' was never closed (line 1); \
         stopped early: the same code failed with the same error twice",
    );
    in_attempts(&reply, 2);
    model.was_asked(2);
    let (model, server) = scripted([Say::done("missing"), Say::done("1")]);
    in_attempts(&server.run("missing\n"), 2);
    model.was_asked(1);
}
