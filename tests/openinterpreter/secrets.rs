//! The key and the token appear nowhere, also where the model server or a program says them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::INSTRUCTION;
use crate::harness::{ModelServer, Reply, Say, Server};

const KEY: &str = "sk-a-key-nobody-may-see";
const TOKEN: &str = "a-token-nobody-may-see";

fn server(model: &ModelServer) -> Server {
    Server::asking(model)
        .variable("llm_api_key", KEY)
        .variable("api_token", TOKEN)
        .start()
}

fn call(server: &Server, code: &str) -> Reply {
    call_with(server, code, "")
}

fn call_with(server: &Server, code: &str, stdin: &str) -> Reply {
    let call = json!({ "code": code, "session_id": "leaky", "stdin": stdin });
    server
        .http()
        .bearer(TOKEN)
        .post_json("/api/tools/python_coder", &call)
}

/// Asserts that no secret is in anything that this server shows, prints or keeps beside the workspaces, where
/// programs write what they like.
#[track_caller]
fn keeps_its_secrets(server: &Server, reply: &Reply) {
    let http = server.http().bearer(TOKEN);
    let answer: Value = reply.json();
    let mut shown = vec![
        ("the answer".to_owned(), reply.text().to_owned()),
        ("its output".to_owned(), server.process().log().text()),
    ];
    let execution = answer["metadata"]["execution_id"].as_str().unwrap();
    for path in [
        &format!("/api/executions/{execution}"),
        "/api/sessions",
        "/api/sessions/leaky/executions",
        "/api/logs/prompts",
        "/api/logs/prompts.log",
        "/api/config",
        "/api/health",
        "/api/tools",
    ] {
        shown.push((
            path.to_owned(),
            http.get(path).expect(200).text().to_owned(),
        ));
    }
    for path in files(server.data()) {
        let bytes = std::fs::read(&path).unwrap();
        shown.push((
            path.display().to_string(),
            String::from_utf8_lossy(&bytes).into_owned(),
        ));
    }
    for (place, text) in shown {
        for secret in [KEY, TOKEN] {
            assert!(!text.contains(secret), "a secret is in {place}:\n{text}");
        }
    }
}

/// All files below a folder but the workspaces'.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, mut all): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let folders = folders.iter().filter(|path| !path.ends_with("scratch"));
    all.extend(folders.flat_map(|path| files(path)));
    all
}

#[test]
fn the_key_goes_to_the_model_server_and_nowhere_else() {
    let model = ModelServer::replying([Say::done("missing"), Say::done("print('hi')")]);
    let server = server(&model);
    let reply = call(&server, INSTRUCTION).expect(200);
    for asked in model.requests() {
        assert_eq!(asked.header("authorization"), format!("Bearer {KEY}"));
        let body = asked.body.to_string();
        assert!(!body.contains(KEY) && !body.contains(TOKEN), "{body}");
    }
    keeps_its_secrets(&server, &reply);
}

/// Names what a model server says back, and makes a test of each.
macro_rules! echoes {
    ($($name:ident: $status:expr, $say:expr;)*) => {
        $(
            #[test]
            fn $name() {
                let model = ModelServer::replying([$say]);
                let server = server(&model);
                let reply = call(&server, INSTRUCTION).expect($status);
                keeps_its_secrets(&server, &reply);
            }
        )*
    };
}

echoes! {
    an_error_with_the_key: 502, Say::refusal(401, &format!("Incorrect API key provided: {KEY}"));
    an_error_page_with_the_key: 502, Say::raw(500, "text/html", format!("<html><body>Authorization: Bearer {KEY}</body></html>"));
    a_malformed_reply_with_the_key: 502, Say::raw(200, "application/json", format!("{{\"key\": \"{KEY}\"}}"));
    a_program_that_prints_the_key: 200, Say::done(&format!("print('{KEY}')\nprint('{TOKEN}')"));
    a_program_that_fails_with_the_key: 200, Say::done(&format!("raise ValueError('{KEY}')"));
    a_program_that_puts_the_key_together: 200, Say::done(&format!("print('{}' + '{}')", &KEY[..9], &KEY[9..]));
    a_tool_call_with_the_key: 200, Say::tool_call(&format!("print('{KEY}')"));
}

#[test]
fn where_a_secret_was_there_is_a_mark() {
    let model = ModelServer::replying([Say::refusal(500, &format!("no quota for {KEY}"))]);
    let reply = call(&server(&model), INSTRUCTION).expect(502);
    assert!(
        reply.text().contains("no quota for [redacted]"),
        "\n{reply}"
    );
}

#[test]
fn a_stream_that_breaks_off_within_the_key() {
    let model = ModelServer::replying([Say::text(format!("{KEY} {KEY} {KEY}")).breaks_off()]);
    let server = server(&model);
    let reply = call(&server, INSTRUCTION).expect(502);
    keeps_its_secrets(&server, &reply);
}

/// The person pasted it, say.
#[test]
fn an_instruction_with_the_key() {
    let model = ModelServer::replying([Say::done("print('hi')")]);
    let server = server(&model);
    let reply = call(&server, &format!("use the key {KEY} for it")).expect(200);
    keeps_its_secrets(&server, &reply);
}

#[test]
fn an_input_with_the_key() {
    let model = ModelServer::replying([]);
    let server = server(&model);
    let reply = call_with(&server, "print(len(input()))", KEY).expect(200);
    let answer: Value = reply.json();
    assert_eq!(answer["data"]["stdout"], format!("{}\n", KEY.len()));
    keeps_its_secrets(&server, &reply);
}

#[test]
fn a_word_for_show_is_no_secret() {
    let model = ModelServer::replying([Say::done("print('user ok')")]);
    let server = Server::asking(&model)
        .variable("llm_api_key", "user")
        .start();
    server.run(INSTRUCTION).prints("user ok\n");
}

#[test]
fn why_the_agent_called_and_names_of_files_with_the_key() {
    let model = ModelServer::replying([]);
    let server = server(&model);
    let call = serde_json::json!({
        "code": format!("open('{KEY}', 'w')"), "session_id": "leaky", "context": { "user_query": KEY },
    });
    let reply = server
        .http()
        .bearer(TOKEN)
        .post_json("/api/tools/python_coder", &call)
        .expect(200);
    keeps_its_secrets(&server, &reply);
}
