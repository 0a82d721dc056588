//! The rendered prompts, whole: a change of `prompts/` or of what fills it shows here.

use insta::assert_snapshot;

use super::{INSTRUCTION, ends_well, scripted};
use crate::harness::{Say, redacted};

#[test]
fn the_first_request_of_an_instruction() {
    let (model, server) = scripted([Say::done("print('hi')")]);
    server
        .session_called("prompts")
        .run(INSTRUCTION)
        .succeeded();
    redacted(|| assert_snapshot!(model.request().conversation()));
}

#[test]
fn the_first_request_in_a_session_that_has_files() {
    let (model, server) = scripted([Say::done("print('hi')")]);
    let session = server.session_called("prompts");
    session.put("files/sales.csv", "x,y\n1,2\n").expect(201);
    session.run(INSTRUCTION).succeeded();
    redacted(|| assert_snapshot!(model.request().instruction()));
}

#[test]
fn the_first_request_about_broken_code() {
    let (model, server) = scripted([Say::done("print('hi')")]);
    server
        .run("for word in ['hi']\n    print(word)")
        .succeeded();
    redacted(|| assert_snapshot!(model.request().instruction()));
}

#[test]
fn the_request_with_why_the_agent_called() {
    let (model, server) = scripted([Say::done("print('hi')")]);
    let call = serde_json::json!({
        "code": INSTRUCTION,
        "context": { "user_query": "Greet me", "current_thought": "I should print a greeting" },
    });
    server
        .http()
        .post_json("/api/tools/python_coder", &call)
        .expect(200);
    redacted(|| assert_snapshot!(model.request().instruction()));
}

#[test]
fn the_request_to_repair() {
    let (model, server) = scripted([
        Say::done("print('second')\nopen('missing.csv')"),
        Say::done("print('hi')"),
    ]);
    let reply = server
        .session_called("prompts")
        .run("print('first')\n1 / 0");
    ends_well(reply, 3, "hi\n");
    redacted(|| assert_snapshot!(model.requests()[1].instruction()));
}

#[test]
fn the_request_to_go_on() {
    let (model, server) = scripted([Say::code("print('one')\n6 * 7"), Say::text("That is all.")]);
    server
        .session_called("prompts")
        .run(INSTRUCTION)
        .succeeded();
    redacted(|| assert_snapshot!(model.requests()[1].last()));
}

#[test]
fn the_request_to_go_on_after_a_program_that_printed_nothing() {
    let (model, server) = scripted([Say::code("x = 1"), Say::text("That is all.")]);
    server
        .session_called("prompts")
        .run(INSTRUCTION)
        .succeeded();
    redacted(|| assert_snapshot!(model.requests()[1].last()));
}

/// Each part has its bound, so that attempts do not add up to more than a model can read.
#[test]
fn what_programs_leave_is_bounded() {
    let (model, server) = scripted([
        Say::done("print('y' * 1_000_000)\nsecond"),
        Say::code("print('z' * 1_000_000)"),
        Say::text("That is all."),
    ]);
    let reply = server.run(&format!(
        "# {}\nprint('x' * 1_000_000)\nfirst",
        "w".repeat(1_000_000)
    ));
    assert!(reply.success, "\n{reply}");
    for asked in model.requests() {
        let chars: usize = asked
            .messages()
            .iter()
            .map(|message| message.content.chars().count())
            .sum();
        assert!(chars < 100_000, "{chars} characters are sent");
    }
}
