use api::history::Role;
use serde_json::json;

use super::*;

fn assembled(parts: &[Value]) -> Assembly {
    let mut assembly = Assembly::default();
    for part in parts {
        assembly.add(part).unwrap();
    }
    assembly
}

fn message(message: Value) -> Value {
    json!({ "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }] })
}

fn delta(delta: Value) -> Value {
    json!({ "choices": [{ "index": 0, "delta": delta }] })
}

#[test]
fn one_answer_has_its_text_in_many_places() {
    let call =
        |arguments: Value| json!({ "function": { "name": "python", "arguments": arguments } });
    let cases = [
        (message(json!({ "content": "hi" })), "hi"),
        (message(json!({ "content": "" })), ""),
        (message(json!({ "content": null })), ""),
        (
            message(json!({ "content": null, "reasoning_content": "hm" })),
            "",
        ),
        (
            message(
                json!({ "content": [{ "type": "text", "text": "h" }, { "type": "image" }, { "type": "text", "text": "i" }] }),
            ),
            "hi",
        ),
        (
            message(json!({ "content": "<think>hm</think>\n\nhi" })),
            "hi",
        ),
        (json!({ "choices": [{ "text": "hi" }] }), "hi"),
        (
            json!({ "choices": [{ "message": { "content": "hi" } }, { "message": { "content": "no" } }] }),
            "hi",
        ),
        (
            message(
                json!({ "content": "So:\n", "tool_calls": [call(json!("{\"code\":\"f()\"}"))] }),
            ),
            "So:\n\n```python\nf()\n```",
        ),
        (
            message(
                json!({ "content": null, "tool_calls": [call(json!({ "code": "f()" })), call(json!({ "code": "g()" }))] }),
            ),
            "```python\nf()\n```\n\n```python\ng()\n```",
        ),
        (
            message(json!({ "function_call": { "name": "python", "arguments": "f()" } })),
            "```python\nf()\n```",
        ),
        (
            message(json!({ "tool_calls": [call(json!("{\"code\":\"f("))] })),
            "```json\n{\"code\":\"f(\n```",
        ),
    ];
    for (answer, expected) in cases {
        let assembly = assembled(std::slice::from_ref(&answer));
        assert!(assembly.spoken, "{answer}");
        assert_eq!(assembly.text(), expected, "{answer}");
    }
}

#[test]
fn an_answer_that_says_nothing_is_none() {
    let cases = [
        json!({}),
        json!({ "choices": [] }),
        json!({ "choices": null }),
        json!({ "choices": [{}] }),
        json!({ "choices": [{ "message": null }] }),
        delta(json!({ "role": "assistant", "content": null })),
    ];
    for answer in cases {
        assert!(!assembled(std::slice::from_ref(&answer)).spoken, "{answer}");
    }
    let end = json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] });
    assert!(assembled(&[end]).spoken);
}

#[test]
fn what_is_no_answer_says_so() {
    let mut assembly = Assembly::default();
    let bad = assembly.add(&json!([1]));
    assert!(matches!(bad, Err(BadPart::Foreign(_))), "{bad:?}");
    let bad = assembly.add(&json!({ "error": { "message": "no" }, "choices": [] }));
    assert!(
        matches!(&bad, Err(BadPart::Said(said)) if said.message == "no"),
        "{bad:?}"
    );
}

#[test]
fn pieces_make_a_text_and_calls() {
    let call = |call: Value| delta(json!({ "tool_calls": [call] }));
    let assembly = assembled(&[
        delta(json!({ "role": "assistant", "content": null })),
        delta(json!({ "reasoning": "hm" })),
        delta(json!({ "content": "S" })),
        delta(json!({ "content": "o:" })),
        call(json!({ "index": 0, "id": "a", "function": { "name": "python", "arguments": "" } })),
        call(json!({ "index": 0, "function": { "arguments": "{\"code\":" } })),
        call(
            json!({ "index": 1, "id": "b", "function": { "name": "python", "arguments": "{\"code\":\"g()\"}" } }),
        ),
        call(json!({ "index": 0, "function": { "arguments": "\"f()\"}" } })),
    ]);
    assert_eq!(
        assembly.text(),
        "So:\n\n```python\nf()\n```\n\n```python\ng()\n```"
    );
    // Another id is another call, whatever the index.
    let whole = |id| json!({ "id": id, "function": { "name": "python", "arguments": "{\"code\":\"f()\"}" } });
    let assembly = assembled(&[call(whole("a")), call(whole("b"))]);
    assert_eq!(
        assembly.text(),
        "```python\nf()\n```\n\n```python\nf()\n```"
    );
}

#[test]
fn tokens_are_counted_by_the_server_or_estimated() {
    let messages = [Message {
        role: Role::User,
        content: "12345678".into(),
    }];
    let cases = [
        (
            json!({ "prompt_tokens": 100, "completion_tokens": 20 }),
            (100, 20, false),
        ),
        (json!({ "prompt_tokens": 100 }), (100, 2, true)),
        (
            json!({ "prompt_tokens": 0, "completion_tokens": 0 }),
            (2, 2, true),
        ),
        (
            json!({ "prompt_tokens": -1, "completion_tokens": "x" }),
            (2, 2, true),
        ),
        (Value::Null, (2, 2, true)),
    ];
    for (usage, (prompt, completion, estimated)) in cases {
        let mut answer = message(json!({ "content": "12345" }));
        answer["usage"] = usage.clone();
        // Before and after it, others have none.
        let other = json!({ "choices": [], "usage": null });
        let tokens = assembled(&[other.clone(), answer, other])
            .completion(&messages)
            .tokens;
        assert_eq!(
            (
                tokens.prompt,
                tokens.completion,
                tokens.total,
                tokens.estimated
            ),
            (prompt, completion, prompt + completion, estimated),
            "{usage}"
        );
    }
    let thoughts = assembled(&[message(
        json!({ "content": "1", "reasoning_content": "2345" }),
    )]);
    assert_eq!(thoughts.completion(&messages).tokens.completion, 2);
}

#[test]
fn the_reason_of_the_end_tells_whether_it_was_cut() {
    for (reason, cut) in [("stop", false), ("tool_calls", false), ("length", true)] {
        let answer =
            json!({ "choices": [{ "message": { "content": "x" }, "finish_reason": reason }] });
        let assembly = assembled(&[answer]);
        assert!(assembly.is_finished());
        assert_eq!(assembly.completion(&[]).cut_short, cut, "{reason}");
    }
}

#[test]
fn a_reply_is_bounded() {
    let mut assembly = Assembly::default();
    let half = delta(json!({ "content": "x".repeat(MAX_REPLY_BYTES / 2) }));
    assembly.add(&half).unwrap();
    assembly.add(&half).unwrap();
    let bad = assembly.add(&delta(json!({ "content": "x" })));
    assert!(matches!(bad, Err(BadPart::Foreign(_))), "{bad:?}");
}
