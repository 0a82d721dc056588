//! Several programs in one attempt: the model sees what came of one before it writes the next.

use api::history::Role::{Assistant, System, User};

use super::{INSTRUCTION, ends_well, execution, in_attempts, scripted, split_data};
use crate::harness::Say;

#[test]
fn the_model_goes_on_until_it_writes_no_code() {
    let (model, server) = scripted([
        Say::code("open('kept', 'w').write('1')\nprint('one')"),
        Say::code("print('two', open('kept').read())"),
        Say::text("Both are done."),
    ]);
    let reply = ends_well(server.run(INSTRUCTION), 1, "one\ntwo 1\n");
    let requests = model.requests();
    assert_eq!(requests.len(), 3, "\n{reply}");
    assert_eq!(requests[1].roles(), [System, User, Assistant, User]);
    assert_eq!(
        requests[2].roles(),
        [System, User, Assistant, User, Assistant, User]
    );
    assert!(
        split_data(&requests[1].last()).1.contains("one"),
        "{:#?}",
        requests[1]
    );
    assert!(
        split_data(&requests[2].last()).1.contains("two 1"),
        "{:#?}",
        requests[2]
    );
    let attempt = &execution(&server, reply.execution_id()).attempt_list[0];
    assert_eq!(attempt.steps.len(), 1, "{attempt:#?}");
    assert_eq!(attempt.steps[0].stdout, "one\n");
    assert_eq!(attempt.stdout, "two 1\n");
}

#[test]
fn code_that_ends_with_done_needs_no_further_reply() {
    let (model, server) = scripted([Say::done("print('hi')")]);
    ends_well(server.run(INSTRUCTION), 1, "hi\n");
    model.was_asked(1);
}

/// The control: the word counts as the last line of a reply and nowhere else.
#[test]
fn done_inside_the_code_or_before_it_does_not_count() {
    for reply in [
        Say::code("print('hi')\nprint('DONE')"),
        Say::text("DONE\n```python\nprint('hi')\nprint('DONE')\n```"),
        Say::text("```python\nprint('hi')\nprint('DONE')\n```\nWhen it is DONE, I will see."),
    ] {
        let (model, server) = scripted([reply, Say::text("Fine.")]);
        ends_well(server.run(INSTRUCTION), 1, "hi\nDONE\n");
        model.was_asked(2);
    }
}

#[test]
fn code_that_fails_is_not_done() {
    let (model, server) = scripted([Say::done("missing"), Say::done("print('hi')")]);
    ends_well(server.run(INSTRUCTION), 2, "hi\n");
    model.was_asked(2);
}

#[test]
fn a_program_that_is_repeated_ends_it() {
    let program = "open('log', 'a').write('x')\nprint(open('log').read())";
    let (model, server) = scripted([Say::code(program), Say::code(program)]);
    ends_well(server.run(INSTRUCTION), 1, "x\n");
    model.was_asked(2);
}

#[test]
fn a_step_that_fails_ends_the_attempt_and_the_next_knows_it() {
    let (model, server) = scripted([
        Say::code("print('one')"),
        Say::code("missing"),
        Say::done("print('three')"),
    ]);
    ends_well(server.run(INSTRUCTION), 2, "three\n");
    let last = &model.requests()[2];
    assert_eq!(last.roles(), [System, User], "{last:#?}");
    let instruction = last.instruction();
    assert!(
        instruction.contains("NameError: name 'missing' is not defined"),
        "{instruction}"
    );
}

#[test]
fn a_model_server_that_fails_after_the_last_code_ran_well_spoils_nothing() {
    for after in [
        Say::refusal(500, "out of memory"),
        Say::text("half").breaks_off(),
    ] {
        let (_model, server) = scripted([Say::code("print('hi')"), after]);
        ends_well(server.run(INSTRUCTION), 1, "hi\n");
    }
}

#[test]
fn an_attempt_has_eight_programs_at_most() {
    let programs = (1..=10).map(|number| Say::code(&format!("print({number})")));
    let (model, server) = scripted(programs);
    let reply = ends_well(server.run(INSTRUCTION), 1, "1\n2\n3\n4\n5\n6\n7\n8\n");
    in_attempts(&reply, 1);
    model.was_asked(8);
}
