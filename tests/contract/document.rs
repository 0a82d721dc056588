//! The API's description of itself.

use serde_json::Value;

use crate::harness::Server;

#[test]
fn it_is_served_as_it_was_made() {
    let reply = Server::shared().http().get("/openapi.json").expect(200);
    assert_eq!(reply.header("content-type"), "application/json");
    let document: Value = reply.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(
        document["paths"]["/api/tools/python_coder"]["post"]["operationId"],
        "runPython"
    );
}

#[test]
fn it_needs_no_token() {
    let server = Server::with().variable("api_token", "secret").start();
    server.http().get("/openapi.json").expect(200);
    let page = server.http().get("/docs").expect(200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
}
