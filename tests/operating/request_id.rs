//! `X-Request-Id`: every answer has one, and it is the request's own if that is fit to be one.

use crate::harness::{PythonService, Reply, Server};

fn is_ours(reply: &Reply) -> bool {
    let id = reply.header("x-request-id");
    id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit())
}

#[test]
fn every_answer_has_one() {
    let server = Server::with().variable("api_token", "secret").start();
    let (open, http) = (server.http(), server.http().bearer("secret"));
    let call = |body: &str| http.send("POST", "/api/tools/python_coder", &[], body);
    let answers = [
        open.get("/api/tools").expect(401),
        open.get("/nothing").expect(404),
        open.get("/api/health").expect(200),
        open.get("/openapi.json").expect(200),
        open.get("/docs").expect(200),
        open.send("POST", "/api/health", &[], "").expect(405),
        open.head("/").expect(200),
        http.get("/api/sessions/none").expect(404),
        http.get("/metrics").expect(200),
        http.send("POST", "/sandboxes/x/pause", &[], "").expect(501),
        call("no JSON").expect(400),
        call(r#"{"code":"print(1)"}"#).expect(200),
        http.send("POST", "/mcp", &[], "{}").expect(400),
    ];
    for answer in &answers {
        assert!(is_ours(answer), "\n{answer}");
    }
}

#[test]
fn a_callers_own_is_kept_if_it_is_fit_for_a_log() {
    let asks = |id: &str| {
        let headers = [("x-request-id", id)];
        Server::shared()
            .http()
            .send("GET", "/api/tools", &headers, "")
            .expect(200)
    };
    let longest = "x".repeat(128);
    for id in ["a", "9b2e.4_F-1", &longest] {
        assert_eq!(asks(id).header("x-request-id"), id);
    }
    for id in ["a b", "a\"b", "{}", "%0a", &"x".repeat(129)] {
        assert!(is_ours(&asks(id)), "{id}");
    }
}

#[test]
fn pages_from_elsewhere_may_read_it() {
    let server = Server::with().variable("cors_origins", "*").start();
    let headers = [("origin", "https://example.com")];
    let reply = server
        .http()
        .send("GET", "/api/config", &headers, "")
        .expect(200);
    let exposed = reply.header("access-control-expose-headers");
    assert!(
        exposed.split(',').any(|name| name == "x-request-id"),
        "\n{reply}"
    );
}

#[test]
fn the_python_service_has_them_too() {
    let http = PythonService::shared().http();
    assert!(is_ours(&http.get("/v1/health").expect(200)));
    assert!(is_ours(&http.get("/nothing").expect(404)));
    let brought = http.send("GET", "/v1/health", &[("x-request-id", "mine")], "");
    assert_eq!(brought.header("x-request-id"), "mine");
    let bad = http.send("GET", "/v1/health", &[("x-request-id", "a b")], "");
    assert!(is_ours(&bad), "\n{bad}");
}
