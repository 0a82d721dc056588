//! openinterpreter mode with a scripted model server: real HTTP, streamed and not.
//!
//! - `strategy`, `attempts`: who writes what runs, and when it ends
//! - `steps`: several programs in one attempt
//! - `replies`: every shape in which a model writes code
//! - `model_errors`, `slow_model`: a model server that can't be asked, is not asked as if it were code, and has no substitute
//! - `loops`: what ends the attempts early
//! - `hints`, `prompts`, `injection`: what the model is told, and what it is told as data
//! - `approval`, `decisions`, `safe_mode`, `offline`, `secrets`: what an operator may forbid
//! - `history`, `tokens`, `prompt_log`, `cancel`: what is left of it

mod approval;
mod attempts;
mod cancel;
mod decisions;
mod hints;
mod history;
mod injection;
mod loops;
mod model_errors;
mod offline;
mod prompt_log;
mod prompts;
mod replies;
mod safe_mode;
mod secrets;
mod slow_model;
mod steps;
mod strategy;
mod tokens;

use api::history::Execution;

use crate::harness::{ModelServer, Say, Server, ToolReply};

/// No Python, so that the model is asked in the first attempt.
const INSTRUCTION: &str = "print the word hi for me";

/// A model with a script, and a server that asks it.
fn scripted(script: impl IntoIterator<Item = Say>) -> (ModelServer, Server) {
    scripted_with(script, &[])
}

/// The same with settings of its own.
fn scripted_with(
    script: impl IntoIterator<Item = Say>,
    variables: &[(&str, &str)],
) -> (ModelServer, Server) {
    let model = ModelServer::replying(script);
    let mut setup = Server::asking(&model);
    for (name, value) in variables {
        setup = setup.variable(name, value);
    }
    (model, setup.start())
}

/// Asserts success in that many attempts, and what the last one printed.
#[track_caller]
fn ends_well(reply: ToolReply, attempts: u32, stdout: &str) -> ToolReply {
    let reply = reply.succeeded();
    assert_eq!(reply.data.stdout, stdout, "\n{reply}");
    in_attempts(&reply, attempts);
    reply
}

/// Asserts how many attempts it took.
#[track_caller]
fn in_attempts(reply: &ToolReply, attempts: u32) {
    let metadata = &reply.metadata;
    assert_eq!(
        (metadata.attempts, metadata.retries),
        (attempts, Some(attempts - 1)),
        "\n{reply}"
    );
}

/// What the history has of a call.
#[track_caller]
fn execution(server: &Server, id: &str) -> Execution {
    let path = format!("/api/executions/{id}");
    server.http().get(&path).expect(200).json()
}

/// A text in two parts: what a prompt says itself, and what it quotes as data.
///
/// Data is between a line `<data NONCE>` and the next line `</data NONCE>` with the same nonce, and nothing else is.
#[track_caller]
fn split_data(text: &str) -> (String, String) {
    let (mut said, mut quoted) = (String::new(), String::new());
    let mut end = None;
    for line in text.split('\n') {
        match &end {
            None => match line
                .strip_prefix("<data ")
                .and_then(|rest| rest.strip_suffix('>'))
            {
                Some(nonce) if is_nonce(nonce) => end = Some(format!("</data {nonce}>")),
                _ => said = said + line + "\n",
            },
            Some(marker) if marker == line => end = None,
            Some(_) => quoted = quoted + line + "\n",
        }
    }
    assert_eq!(end, None, "data without an end in:\n{text}");
    (said, quoted)
}

fn is_nonce(text: &str) -> bool {
    text.len() == 16
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}
