//! What the model read and wrote, as its server counts it, or else as it is estimated.

use api::history::Status;
use api::tool::{Mode, Tokens};

use super::history::two_attempts;
use super::{INSTRUCTION, ends_well, execution, scripted};
use crate::harness::{MODEL, Say};

#[test]
fn the_tokens_add_up() {
    let (_server, reply, execution) = two_attempts();
    let sum = Tokens::counted(1000, 95);
    assert_eq!(reply.metadata.tokens, Some(sum), "\n{reply}");
    assert_eq!(execution.tokens, Some(sum));
    assert_eq!(execution.model.as_deref(), Some(MODEL));
    assert_eq!(execution.summary.mode, Mode::OpenInterpreter);
    assert_eq!(
        (execution.summary.status, execution.summary.attempts),
        (Status::Succeeded, 2)
    );
}

#[test]
fn what_the_server_did_not_count_is_estimated_and_said_to_be() {
    let (_model, server) = scripted([
        Say::done("missing").without_usage(),
        Say::done("print('hi')").tokens(100, 20),
    ]);
    let reply = ends_well(server.run(INSTRUCTION), 2, "hi\n");
    let tokens = reply.metadata.tokens.unwrap();
    assert!(
        tokens.estimated && tokens.prompt > 100 && tokens.completion > 20,
        "\n{reply}"
    );
    assert_eq!(tokens.total, tokens.prompt + tokens.completion, "\n{reply}");
    let attempts = execution(&server, reply.execution_id()).attempt_list;
    assert!(attempts[0].exchanges[0].tokens.estimated);
    assert_eq!(attempts[1].exchanges[0].tokens, Tokens::counted(100, 20));
}
