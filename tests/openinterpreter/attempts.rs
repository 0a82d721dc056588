//! Code that fails is repaired, up to a limit, and it is always the latest that runs.

use super::{INSTRUCTION, ends_well, execution, in_attempts, scripted, scripted_with};
use crate::harness::Say;

#[test]
fn code_that_fails_is_repaired_on_attempt_2() {
    let (model, server) = scripted([Say::done("total = 3\nprint(total)")]);
    let reply = server.run("print(total)");
    let reply = ends_well(reply, 2, "3\n");
    assert_eq!(reply.data.stderr, "", "\n{reply}");
    assert!(
        reply.answer.starts_with("Code executed successfully."),
        "\n{reply}"
    );
    let instruction = model.request().instruction();
    for told in ["print(total)", "NameError: name 'total' is not defined"] {
        assert!(instruction.contains(told), "no {told} in:\n{instruction}");
    }
}

#[test]
fn after_the_last_attempt_it_gives_up_with_every_error() {
    let (model, server) = scripted([Say::done("second"), Say::done("third")]);
    let reply = server
        .run("first")
        .fails("Failed after 3 attempts: NameError: name 'third' is not defined");
    in_attempts(&reply, 3);
    let mut rest = reply.data.stderr.as_str();
    for (number, name) in [(1, "first"), (2, "second"), (3, "third")] {
        for part in [
            format!("Attempt {number}/3:"),
            format!("NameError: name '{name}' is not defined"),
        ] {
            let (_, after) = rest
                .split_once(&part)
                .unwrap_or_else(|| panic!("no {part:?} in its place\n{reply}"));
            rest = after;
        }
    }
    model.was_asked(2);
}

#[test]
fn the_model_is_told_of_every_attempt_so_far() {
    let (model, server) = scripted([Say::done("second"), Say::done("third")]);
    server.run("first");
    let instruction = model.requests()[1].instruction();
    for name in ["first", "second"] {
        let error = format!("NameError: name '{name}' is not defined");
        assert!(
            instruction.contains(&error),
            "no {error} in:\n{instruction}"
        );
    }
}

#[test]
fn the_latest_code_runs_and_never_the_first_again() {
    let program = |number, last| format!("open('log', 'a').write('{number}')\n{last}");
    let (_model, server) = scripted([
        Say::done(&program(2, "second")),
        Say::done(&program(3, "print(open('log').read())")),
    ]);
    let reply = ends_well(server.run(&program(1, "first")), 3, "123\n");
    let execution = execution(&server, reply.execution_id());
    let ran: Vec<_> = execution
        .attempt_list
        .iter()
        .map(|attempt| attempt.code.clone())
        .collect();
    assert_eq!(
        ran,
        [
            program(1, "first"),
            program(2, "second"),
            program(3, "print(open('log').read())")
        ]
    );
    assert_eq!(execution.code, program(1, "first"));
}

#[test]
fn each_program_is_kept_in_a_script_of_its_own() {
    let (_model, server) = scripted([Say::done("second"), Say::done("print('third')")]);
    let reply = ends_well(server.run("first"), 3, "third\n");
    let id = reply
        .data
        .files
        .keys()
        .find_map(|path| path.strip_prefix("script_")?.strip_suffix("_2.py"));
    let id = id.unwrap_or_else(|| panic!("no second script\n{reply}"));
    let session = server.session_called(reply.session_id());
    for (rest, code) in [("", "first"), ("_2", "second"), ("_3", "print('third')")] {
        let script = session
            .get(&format!("files/script_{id}{rest}.py"))
            .expect(200);
        assert_eq!(script.text(), code, "\n{script}");
    }
}

#[test]
fn a_reply_without_code_is_a_failed_attempt() {
    let (_model, server) = scripted([Say::text("I would rather not."), Say::done("print('hi')")]);
    ends_well(server.run(INSTRUCTION), 2, "hi\n");
    let (_model, server) = scripted_with(
        [Say::text("No."), Say::text("No!")],
        &[("python_coder_max_retries", "2")],
    );
    server
        .run(INSTRUCTION)
        .fails("Failed after 2 attempts: NoCode: the model wrote no code");
}
