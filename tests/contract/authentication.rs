//! `api_token`: when it is set, every API call needs it.

use serde_json::json;

use crate::harness::Server;

const TOKEN: &str = "correct-horse";

#[test]
fn every_api_call_but_health_needs_the_token() {
    let server = Server::with().variable("api_token", TOKEN).start();
    let routes = [
        ("POST", "/api/tools/python_coder"),
        ("GET", "/api/tools"),
        ("POST", "/mcp"),
        ("GET", "/api/sessions"),
        ("GET", "/api/sessions/a"),
        ("DELETE", "/api/sessions/a"),
        ("GET", "/api/sessions/a/executions"),
        ("GET", "/api/sessions/a/files"),
        ("GET", "/api/sessions/a/files/b"),
        ("GET", "/api/sessions/a/files.zip"),
        ("GET", "/api/sessions/a/tables/b"),
        ("PUT", "/api/sessions/a/files/b"),
        ("DELETE", "/api/sessions/a/files/b"),
        ("GET", "/api/executions/abc"),
        ("GET", "/api/logs/prompts"),
        ("GET", "/api/logs/prompts.log"),
        ("GET", "/api/config"),
        ("GET", "/metrics"),
        ("GET", "/api/nothing"),
    ];
    let body = json!({ "code": "open('made', 'w')", "session_id": "a" }).to_string();
    for (method, path) in routes {
        let body = if matches!(method, "POST" | "PUT") {
            body.as_bytes()
        } else {
            b""
        };
        for authorization in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer wrong",
            "Bearer correct-hors",
            "Bearer correct-horse2",
            "Basic correct-horse",
            TOKEN,
        ] {
            let headers = [("authorization", authorization)];
            let headers = if authorization.is_empty() {
                &headers[..0]
            } else {
                &headers[..]
            };
            let reply = server.http().send(method, path, headers, body).expect(401);
            assert!(
                reply.header("www-authenticate").starts_with("Bearer"),
                "{authorization}\n{reply}"
            );
        }
    }
    assert!(
        !server.data_file("scratch/a").exists(),
        "a refused call made a workspace"
    );
}

/// Who asks has no token: a load balancer, and `vivarium serve` at its start.
#[test]
fn health_needs_no_token_and_tells_nothing_else() {
    let server = Server::with().variable("api_token", TOKEN).start();
    let health = server.http().get("/api/health").expect(200);
    let fields: serde_json::Map<String, serde_json::Value> = health.json();
    assert_eq!(
        fields.keys().collect::<Vec<_>>(),
        ["problems", "status", "version"],
        "\n{health}"
    );
    server.http().bearer("wrong").get("/api/health").expect(200);
}

#[test]
fn the_right_token_opens_everything() {
    let server = Server::with().variable("api_token", TOKEN).start();
    let http = server.http().bearer(TOKEN);
    http.post_json(
        "/api/tools/python_coder",
        &json!({ "code": "1", "session_id": "a" }),
    )
    .expect(200);
    for path in [
        "/api/tools",
        "/api/sessions",
        "/api/sessions/a",
        "/api/sessions/a/files",
        "/api/config",
        "/api/health",
    ] {
        http.get(path).expect(200);
    }
    http.get("/api/nothing").refused(404, "not_found");
    // RFC 9110: the scheme's name is case-insensitive.
    server
        .http()
        .send(
            "GET",
            "/api/tools",
            &[("authorization", "bearer correct-horse")],
            b"",
        )
        .expect(200);
}

#[test]
fn a_refusal_does_not_say_how_near_the_token_was() {
    let server = Server::with().variable("api_token", TOKEN).start();
    let refusal = |token: &str| {
        server
            .http()
            .bearer(token)
            .get("/api/tools")
            .refused(401, "unauthorized")
            .text()
            .to_owned()
    };
    assert_eq!(refusal("x"), refusal("correct-hors"));
}

#[test]
fn without_a_token_set_none_is_needed() {
    Server::shared().http().get("/api/tools").expect(200);
    Server::shared()
        .http()
        .bearer("whatever")
        .get("/api/tools")
        .expect(200);
}
