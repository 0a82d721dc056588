//! Every refusal beside a control that is allowed.

use serde_json::{Value, json};

use crate::harness::{Reply, Server};

const PYTHON_CODER: &str = "/api/tools/python_coder";

fn call(body: &Value) -> Reply {
    Server::shared().http().post_json(PYTHON_CODER, body)
}

/// Asserts that a tool call is refused in the tool's own shape, with a status, a word and a message.
#[track_caller]
fn refused(reply: Reply, status: u16, code: &str, message: &str) {
    let reply = reply.expect(status);
    let body: Value = reply.json();
    assert_eq!(body["success"], false, "\n{reply}");
    assert_eq!(body["metadata"]["code"], code, "\n{reply}");
    assert!(
        body["error"]
            .as_str()
            .is_some_and(|error| error.contains(message)),
        "no `{message}`\n{reply}"
    );
    assert!(
        body["answer"]
            .as_str()
            .is_some_and(|answer| !answer.is_empty()),
        "\n{reply}"
    );
    assert!(body["data"]["files"].is_object(), "\n{reply}");
}

#[test]
fn the_body_must_be_json() {
    let http = Server::shared().http();
    let send = |body: &str| {
        http.send(
            "POST",
            PYTHON_CODER,
            &[("content-type", "application/json")],
            body,
        )
    };
    send(r#"{"code": "print(1)"}"#).expect(200);
    refused(send(r#"{"code": "print(1)""#), 400, "bad_request", "JSON");
    refused(send(""), 400, "bad_request", "JSON");
    refused(send("[]"), 400, "bad_request", "");
    refused(send("\"code\""), 400, "bad_request", "");
}

#[test]
fn the_content_type_does_not_matter() {
    // curl -d says that it sends a form, and the README's example is a curl -d.
    let http = Server::shared().http();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    http.send("POST", PYTHON_CODER, &form, r#"{"code": "print(1)"}"#)
        .expect(200);
    http.send("POST", PYTHON_CODER, &[], r#"{"code": "print(1)"}"#)
        .expect(200);
}

#[test]
fn code_is_required_and_a_string() {
    call(&json!({ "code": "1" })).expect(200);
    refused(call(&json!({})), 400, "bad_request", "code");
    refused(call(&json!({ "code": null })), 400, "bad_request", "");
    refused(call(&json!({ "code": 1 })), 400, "bad_request", "");
    refused(
        call(&json!({ "code": ["print(1)"] })),
        400,
        "bad_request",
        "",
    );
}

#[test]
fn a_session_id_is_1_to_64_harmless_characters() {
    let longest = "a".repeat(64);
    for allowed in ["a", "0", "A.b_c-d", "a..b", &longest] {
        call(&json!({ "code": "1", "session_id": allowed })).expect(200);
    }
    let too_long = "a".repeat(65);
    for bad in [
        "", ".", "..", "../x", "/x", "a/b", "a\\b", "-a", "_a", ".a", "a b", "ä", "a\n", "a\0",
        "%2e", &too_long,
    ] {
        let says = "it must be 1 to 64 of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit";
        refused(
            call(&json!({ "code": "1", "session_id": bad })),
            400,
            "bad_request",
            says,
        );
    }
}

#[test]
fn a_timeout_is_a_positive_number_up_to_the_most_allowed() {
    for allowed in [json!(0.5), json!(1), json!(300), json!(null)] {
        call(&json!({ "code": "1", "timeout": allowed })).expect(200);
    }
    for bad in [
        json!(0),
        json!(-1),
        json!(300.5),
        json!(1e300),
        json!("5"),
        json!(true),
    ] {
        refused(
            call(&json!({ "code": "1", "timeout": bad })),
            400,
            "bad_request",
            "timeout",
        );
    }
}

#[test]
fn context_is_an_object_of_strings() {
    call(&json!({ "code": "1", "context": { "user_query": "x", "other": 1 } })).expect(200);
    call(&json!({ "code": "1", "context": null })).expect(200);
    refused(
        call(&json!({ "code": "1", "context": "x" })),
        400,
        "bad_request",
        "",
    );
    refused(
        call(&json!({ "code": "1", "context": { "user_query": 1 } })),
        400,
        "bad_request",
        "",
    );
}

#[test]
fn a_tool_call_is_at_most_10_mib() {
    let with_length = |length: usize| {
        let empty = json!({ "code": "#" }).to_string().len() - 1;
        json!({ "code": format!("#{}", " ".repeat(length - empty - 1)) })
    };
    let most = 10 << 20;
    assert_eq!(with_length(most).to_string().len(), most);
    call(&with_length(most)).expect(200);
    refused(call(&with_length(most + 1)), 413, "too_large", "10");
    // Refused long before it has all been sent, and heard of all the same.
    refused(call(&with_length(6 * most)), 413, "too_large", "10");
}

#[test]
fn an_unknown_route_is_not_found() {
    let http = Server::shared().http();
    http.get("/api/tools").expect(200);
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/tools/nothing",
        "/api/tools/python_coder/x",
        "/v1/health",
    ] {
        http.get(path).refused(404, "not_found");
    }
}

#[test]
fn a_route_has_only_its_own_methods() {
    let http = Server::shared().http();
    for (method, path) in [
        ("GET", PYTHON_CODER),
        ("PUT", PYTHON_CODER),
        ("DELETE", PYTHON_CODER),
        ("POST", "/api/sessions"),
        ("POST", "/api/tools"),
        ("POST", "/api/config"),
        ("DELETE", "/api/health"),
        ("PUT", "/api/logs/prompts"),
    ] {
        let body: &[u8] = if matches!(method, "PUT" | "POST") {
            b"{}"
        } else {
            b""
        };
        http.send(method, path, &[], body).expect(405);
    }
}

#[test]
fn an_execution_id_is_hexadecimal_and_known() {
    let server = Server::shared();
    let reply = server.run("1").succeeded();
    server
        .http()
        .get(&format!("/api/executions/{}", reply.execution_id()))
        .expect(200);
    server
        .http()
        .get("/api/executions/0123456789abcdef")
        .refused(404, "not_found");
    for bad in ["x", "..", "%2e%2e", "0123456789ABCDEF", "' or 1=1 --"] {
        let path = format!("/api/executions/{}", bad.replace(' ', "%20"));
        server.http().get(&path).refused(400, "bad_request");
    }
}

#[test]
fn a_session_must_be_known_and_well_named() {
    let server = Server::shared();
    let session = server.session();
    session.run("1").succeeded();
    server
        .http()
        .get(&format!("/api/sessions/{}", session.id()))
        .expect(200);
    for rest in ["", "/executions", "/files", "/files/a.txt"] {
        server
            .http()
            .get(&format!("/api/sessions/never-seen{rest}"))
            .refused(404, "not_found");
        server
            .http()
            .get(&format!("/api/sessions/-bad{rest}"))
            .refused(400, "bad_request");
    }
}
