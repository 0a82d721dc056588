//! What a model writes, and each program of each attempt.

use api::live::LiveEvent;
use serde_json::json;

use super::{comparable, follow, stream};
use crate::harness::{LiveEvents, ModelServer, Say, Server, in_words};

const FIRST: &str = "Here is the program:\n\n```python\nprint(total)\n```\n";
const SECOND: &str = "```python\nprint('hi')\n```\nDONE";

/// What is told of an instruction that is carried out in the second attempt.
const TOLD: [&str; 6] = [
    "started",
    "model: Here is the program:\n\n```python\nprint(total)\n```\n",
    "attempt 1: print(total)",
    "model: ```python\nprint('hi')\n```\nDONE",
    "attempt 2: print('hi') (NameError: name 'total' is not defined)",
    "stdout: hi\n",
];

#[test]
fn attempts_are_told_with_what_the_model_writes() {
    let script = || [Say::text(FIRST), Say::text(SECOND)];
    let model = ModelServer::replying(script().into_iter().chain(script()));
    let server = Server::asking(&model).start();
    let code = "print the word hi for me";
    let (told, streamed) = stream(&server, "streamed", code).rest();
    assert_eq!(in_words(&told), TOLD);
    let plain = server.session_called("asked").run(code).succeeded();
    assert_eq!(comparable(&streamed), comparable(&plain));
    // From the history it is the same.
    let (told, followed) = follow(&server, plain.execution_id()).rest();
    assert_eq!(in_words(&told), TOLD);
    assert_eq!(comparable(&followed), comparable(&plain));
}

#[test]
fn a_model_is_heard_while_it_writes() {
    let model = ModelServer::replying([Say::text(FIRST).stalls()]);
    let server = Server::asking(&model).start();
    let mut events = stream(&server, "stalled", "print the word hi for me");
    let id = events.started();
    let heard = |event: Option<LiveEvent>| match event {
        Some(LiveEvent::Model { text }) => FIRST.starts_with(&text),
        other => panic!("the model was expected, not {other:?}"),
    };
    assert!(heard(events.next()));
    let mut follower = follow(&server, &id);
    follower.started();
    assert!(heard(follower.next()));
    drop(events);
    model.wait_for_hang_up();
    follower.rest();
}

#[test]
fn thoughts_are_not_told_and_calls_of_tools_are() {
    let model = ModelServer::replying([
        Say::text("<think>hm</think>```python\nprint(1)\n```\n"),
        Say::tool_call("print(2)"),
        Say::text("That is all."),
    ]);
    let server = Server::asking(&model).start();
    let (told, _) = stream(&server, "thoughts", "print the words").rest();
    assert_eq!(
        in_words(&told),
        [
            "started",
            "model: ```python\nprint(1)\n```\n",
            "attempt 1: print(1)",
            "stdout: 1\n",
            "model: ```python\nprint(2)\n```",
            "attempt 1: print(2)",
            "stdout: 2\n",
            "model: That is all.",
        ]
    );
}

#[test]
fn attempts_that_all_fail_end_as_the_plain_call_does() {
    let script = || [Say::done("second"), Say::done("raise SystemExit(3)")];
    let model = ModelServer::replying(script().into_iter().chain(script()));
    let server = Server::asking(&model).start();
    let (told, streamed) = stream(&server, "streamed", "first").rest();
    let attempts = in_words(&told);
    assert_eq!(
        attempts
            .iter()
            .filter(|word| word.starts_with("attempt"))
            .count(),
        3
    );
    let plain = server.session_called("asked").run("first");
    assert_eq!(comparable(&streamed), comparable(&plain));
    let (_, followed) = follow(&server, plain.execution_id()).rest();
    assert_eq!(comparable(&followed), comparable(&plain));
}

#[test]
fn a_model_that_can_not_be_asked_keeps_its_status() {
    let model = ModelServer::replying([Say::refusal(401, "no")]);
    let server = Server::asking(&model).start();
    let body = json!({ "code": "print the word hi" }).to_string();
    let headers = [("accept", "text/event-stream")];
    let reply = server
        .http()
        .send("POST", "/api/tools/python_coder", &headers, body)
        .expect(502);
    assert_eq!(
        reply.header("content-type"),
        "application/json",
        "\n{reply}"
    );
}

#[test]
fn a_secret_that_comes_in_pieces_is_not_told() {
    const KEY: &str = "sk-a-key-nobody-may-see";
    // Character by character, so that it comes in as many pieces as it can.
    let program = "import time\nfor c in 'sk-a-key-' + 'nobody-may-see' + '.':\n    print(c, end='', flush=True)\n    time.sleep(0.02)";
    let model = ModelServer::replying([Say::text(format!(
        "The key is {KEY}.\n```python\n{program}\n```\nDONE"
    ))]);
    let server = Server::asking(&model).variable("llm_api_key", KEY).start();
    let mut events = stream(&server, "leaky", "tell me the key");
    let id = events.started();
    let follower = follow(&server, &id);
    for told in [events.rest().0, follower.rest().0] {
        let words = in_words(&told);
        let stdout = words.last().unwrap();
        assert_eq!(stdout, "stdout: [redacted].", "{words:?}");
        assert!(
            words
                .iter()
                .any(|word| word.starts_with("model: The key is [redacted].")),
            "{words:?}"
        );
        assert!(!words.concat().contains(KEY), "{words:?}");
    }
    let again = LiveEvents::following(server.http(), &id, None);
    assert!(!in_words(&again.rest().0).concat().contains(KEY));
}
