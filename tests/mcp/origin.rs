//! Who may speak to the server: whose pages, and with which token.

use serde_json::json;

use super::{post, request};
use crate::harness::Server;

#[test]
fn a_page_of_somebody_else_is_turned_away() {
    let server = Server::with()
        .variable(
            "cors_origins",
            "https://chat.example, http://other.example:8080",
        )
        .start();
    let ping = request("ping", json!({}));
    let from = |origin: &str| post(server.http(), &[("origin", origin)], &ping);
    for origin in [
        "http://localhost:6274",
        "https://chat.example",
        "http://other.example:8080",
    ] {
        from(origin).expect(200);
    }
    // A name may lead to this machine, and is still a stranger's.
    let reply = from("http://evil.example").refused(403, "forbidden");
    assert!(reply.text().contains("cors_origins"), "\n{reply}");
    from("null").expect(403);
    let same = [("origin", "http://evil.example"), ("host", "evil.example")];
    post(server.http(), &same, &ping).expect(403);
}

#[test]
fn the_token_is_that_of_the_api() {
    let server = Server::with()
        .variable("api_token", "correct-horse")
        .start();
    let ping = request("ping", json!({}));
    let reply = post(server.http(), &[], &ping).refused(401, "unauthorized");
    assert!(
        reply.header("www-authenticate").starts_with("Bearer"),
        "\n{reply}"
    );
    post(&server.http().bearer("wrong"), &[], &ping).expect(401);
    post(&server.http().bearer("correct-horse"), &[], &ping).expect(200);
}
