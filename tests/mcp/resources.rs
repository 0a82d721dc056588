//! The files of sessions.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use super::Client;
use crate::harness::Server;

fn uri(session: &str, path: &str) -> String {
    format!("vivarium://sessions/{session}/files/{path}")
}

#[test]
fn a_file_is_text_or_a_blob() {
    let server = Server::shared();
    let client = Client::connect(server.http());
    let session = server.session_called(&client.session);
    session.put("files/dir/%C3%BC.txt", "süß").expect(201);
    session.put("files/raw", [0xff, 0]).expect(201);
    let read = |path: &str| {
        client.ask(
            "resources/read",
            json!({ "uri": uri(&client.session, path) }),
        )
    };
    let text = read("dir/%C3%BC.txt");
    assert_eq!(text["contents"][0]["text"], "süß", "{text}");
    assert_eq!(text["contents"][0]["mimeType"], "text/plain", "{text}");
    assert_eq!(
        text["contents"][0]["uri"],
        uri(&client.session, "dir/%C3%BC.txt")
    );
    let raw = read("raw");
    assert_eq!(
        raw["contents"][0]["blob"],
        BASE64_STANDARD.encode([0xff, 0]),
        "{raw}"
    );
}

#[test]
fn the_connections_files_are_listed_page_by_page() {
    let server = Server::shared();
    let client = Client::connect(server.http());
    let list = |params| client.ask("resources/list", params);
    assert_eq!(list(json!({})), json!({ "resources": [] }));
    let code = "for i in range(60): open(f'{i:02}', 'w').close()";
    client.call(json!({ "code": code }));
    let first = list(json!({}));
    assert_eq!(first["resources"].as_array().unwrap().len(), 50, "{first}");
    assert_eq!(first["resources"][0]["uri"], uri(&client.session, "00"));
    let second = list(json!({ "cursor": first["nextCursor"] }));
    assert_eq!(
        second["resources"].as_array().unwrap().len(),
        11,
        "{second}"
    );
    assert_eq!(second["nextCursor"], json!(null), "{second}");
    let error = client.refused("resources/list", json!({ "cursor": "x" }));
    assert_eq!(error["code"], -32602, "{error}");
}

#[test]
fn what_is_not_there_says_so() {
    let server = Server::shared();
    let client = Client::connect(server.http());
    client.call(json!({ "code": "1" }));
    let session = &client.session;
    for uri in [
        uri(session, "nothing"),
        uri("no-such-session", "a"),
        uri(session, "../a"),
        uri(session, "%2e%2e/a"),
        "file:///etc/passwd".to_owned(),
    ] {
        let error = client.refused("resources/read", json!({ "uri": uri }));
        assert_eq!(error["code"], -32002, "{uri}: {error}");
        assert!(
            error["message"]
                .as_str()
                .unwrap()
                .starts_with("there is no resource"),
            "{error}"
        );
    }
}

#[test]
fn a_file_may_have_four_mebibytes_and_no_more() {
    let server = Server::shared();
    let client = Client::connect(server.http());
    let session = server.session_called(&client.session);
    session.put("files/just", vec![b'x'; 4 << 20]).expect(201);
    session
        .put("files/over", vec![b'x'; (4 << 20) + 1])
        .expect(201);
    let read = |path| json!({ "uri": uri(&client.session, path) });
    let just = client.ask("resources/read", read("just"));
    assert_eq!(just["contents"][0]["text"].as_str().unwrap().len(), 4 << 20);
    let error = client.refused("resources/read", read("over"));
    let message = error["message"].as_str().unwrap();
    assert_eq!(
        message,
        "the file has 4194305 bytes, more than the 4194304 that a resource may have"
    );
    let hint = error["data"]["hint"].as_str().unwrap();
    assert!(
        hint.contains(&format!("GET /api/sessions/{}/files/over", client.session)),
        "{hint}"
    );
}
