//! `vivarium mcp`.

use serde_json::{Value, json};

use super::request;
use crate::harness::{Server, vivarium, vivarium_in};

fn lines(messages: &[Value]) -> String {
    messages
        .iter()
        .map(|message| format!("{message}\n"))
        .collect()
}

#[test]
fn standard_output_has_messages_and_nothing_else() {
    let mut call = request(
        "tools/call",
        json!({ "name": "python_coder", "arguments": { "code": "print('hi')" } }),
    );
    call["id"] = json!("call");
    let input = format!("no json\n\n{}", lines(&[call]));
    let ended = vivarium(&["mcp"], &input).expect(0);
    let messages: Vec<Value> = ended
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}\n{ended}")))
        .collect();
    assert_eq!(messages.len(), 2, "\n{ended}");
    assert_eq!(messages[0]["error"]["code"], -32700, "\n{ended}");
    assert_eq!(messages[1]["id"], "call", "\n{ended}");
    assert_eq!(
        messages[1]["result"]["structuredContent"]["stdout"], "hi\n",
        "\n{ended}"
    );
}

/// Whoever holds both ends of a pipe needs no token, whatever is set for those who come by the network.
#[test]
fn tokens_that_are_set_are_not_asked_for() {
    let input = lines(&[request("tools/list", json!({}))]);
    let set = [
        "mcp",
        "--variable",
        "api_token=a",
        "--variable",
        "api_tokens=one:b",
    ];
    let ended = vivarium(&set, &input).expect(0);
    let answer: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        answer["result"]["tools"][0]["name"], "python_coder",
        "\n{ended}"
    );
}

#[test]
fn it_finds_its_application_wherever_it_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let ended = vivarium_in(folder.path(), &["mcp"]).expect(0);
    assert_eq!(ended.stdout, "", "\n{ended}");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "it left something"
    );
}

#[test]
fn a_server_that_runs_already_is_spoken_to_with_its_token() {
    let server = Server::with()
        .variable("api_token", "correct-horse")
        .start();
    let url = server.http().url("");
    let input = lines(&[request(
        "tools/call",
        json!({ "name": "python_coder", "arguments": { "code": "print('hi')", "session_id": "s" } }),
    )]);
    let answer = |token: &str| -> Value {
        let ended = vivarium(&["mcp", "--url", &url, "--token", token], &input).expect(0);
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}\n{ended}"))
    };
    let good = answer("correct-horse");
    assert_eq!(
        good["result"]["structuredContent"]["session_id"], "s",
        "{good}"
    );
    let bad = answer("wrong");
    assert_eq!(bad["id"], 1, "{bad}");
    let message = bad["error"]["message"].as_str().unwrap();
    assert_eq!(message, "401 Unauthorized: a valid token is needed");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let input = lines(&[request("ping", json!({}))]);
    let ended = vivarium(&["mcp", "--url", "http://127.0.0.1:1"], &input).expect(0);
    let answer: Value = serde_json::from_str(&ended.stdout).unwrap();
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("can't reach http://127.0.0.1:1"),
        "\n{ended}"
    );
    let ended = vivarium(&["mcp", "--url", "localhost"], &input).expect(1);
    assert!(
        ended
            .stderr
            .contains("`--url` must be the address of a server"),
        "\n{ended}"
    );
}
