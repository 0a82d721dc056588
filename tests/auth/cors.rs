//! Pages from elsewhere: `cors_origins`.

use super::{ONE, with_tenants};
use crate::harness::{Http, Reply, Server};

const CHAT: &str = "https://chat.example";

fn server(origins: &str) -> Server {
    with_tenants(Server::with())
        .variable("cors_origins", origins)
        .start()
}

/// As a browser asks before it sends what a page wants to.
fn preflight(http: &Http, origin: &str) -> Reply {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type,last-event-id",
        ),
    ];
    http.send("OPTIONS", "/api/tools/python_coder", &headers, b"")
}

fn get(http: &Http, origin: &str) -> Reply {
    http.send("GET", "/api/sessions", &[("origin", origin)], b"")
}

fn cors_headers(reply: &Reply) -> Vec<&str> {
    let names = ["origin", "methods", "headers", "credentials", "max-age"];
    let names = names.map(|name| format!("access-control-allow-{name}"));
    let all = names.iter().map(|name| reply.header(name));
    all.chain([
        reply.header("access-control-expose-headers"),
        reply.header("access-control-max-age"),
    ])
    .filter(|value| !value.is_empty())
    .collect()
}

#[test]
fn unless_it_is_set_no_page_is_let_in() {
    let server = Server::shared();
    for reply in [get(server.http(), CHAT), preflight(server.http(), CHAT)] {
        assert_eq!(cors_headers(&reply), [""; 0], "\n{reply}");
    }
}

#[test]
fn a_preflight_needs_no_token_and_what_follows_does() {
    let server = server("https://other.example, https://chat.example");
    let reply = preflight(server.http(), CHAT).expect(200);
    assert_eq!(
        reply.header("access-control-allow-origin"),
        CHAT,
        "\n{reply}"
    );
    let allows = |name: &str, value: &str| {
        let allowed = reply.header(&format!("access-control-allow-{name}"));
        assert!(
            allowed.split(',').any(|one| one.trim() == value),
            "\n{reply}"
        );
    };
    for method in ["GET", "HEAD", "POST", "PUT", "DELETE"] {
        allows("methods", method);
    }
    for header in ["authorization", "content-type", "last-event-id"] {
        allows("headers", header);
    }
    let refused = get(server.http(), CHAT).refused(401, "unauthorized");
    assert_eq!(
        refused.header("access-control-allow-origin"),
        CHAT,
        "\n{refused}"
    );
    let reply = get(&server.http().bearer(ONE), CHAT).expect(200);
    assert_eq!(
        reply.header("access-control-allow-origin"),
        CHAT,
        "\n{reply}"
    );
    assert!(
        reply.headers("vary").any(|vary| vary.contains("origin")),
        "\n{reply}"
    );
    let exposed = reply.header("access-control-expose-headers");
    assert!(exposed.contains("retry-after"), "\n{reply}");
    assert_eq!(
        reply.header("access-control-allow-credentials"),
        "",
        "\n{reply}"
    );
}

#[test]
fn another_origin_is_not_named() {
    let server = server(CHAT);
    let http = server.http().bearer(ONE);
    for origin in [
        "https://chat.example.evil",
        "http://chat.example",
        "https://chat.example:8443",
        "null",
    ] {
        for reply in [get(&http, origin), preflight(&http, origin)] {
            assert_eq!(reply.header("access-control-allow-origin"), "", "\n{reply}");
        }
        let vary = get(&http, origin);
        assert!(
            vary.headers("vary").any(|vary| vary.contains("origin")),
            "\n{vary}"
        );
    }
}

#[test]
fn a_star_is_any_page() {
    let server = server("*");
    for reply in [preflight(server.http(), CHAT), get(server.http(), "null")] {
        assert_eq!(
            reply.header("access-control-allow-origin"),
            "*",
            "\n{reply}"
        );
    }
}
