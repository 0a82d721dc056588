//! Files over HTTP: the same requests, in the same order.

use serde_json::{Value, json};

use super::both;
use crate::harness::{Reply, run_request, unique};

/// Headers that say the same whoever sends them.
const HEADERS: [&str; 7] = [
    "content-type",
    "content-length",
    "content-range",
    "content-disposition",
    "content-security-policy",
    "accept-ranges",
    "x-content-type-options",
];

/// What an answer says, but for times and names of bytes.
fn said(reply: &Reply) -> Value {
    let is_json = reply.header("content-type") == "application/json";
    let headers: Vec<_> = HEADERS
        .iter()
        // Times are not equally long.
        .filter(|name| !is_json || **name != "content-length")
        .map(|name| format!("{name}: {}", reply.header(name)))
        .collect();
    let body = match serde_json::from_slice::<Value>(reply.body()) {
        // In words of its own.
        Ok(body) if reply.status() >= 400 => body["code"].clone(),
        Ok(mut body) => {
            hide_times(&mut body);
            body
        }
        Err(_) => json!(String::from_utf8_lossy(reply.body())),
    };
    json!({ "status": reply.status(), "headers": headers, "body": body })
}

fn hide_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match &**name {
                    "modified" => *value = json!("…"),
                    _ => hide_times(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_times),
        _ => {}
    }
}

type Request<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a [u8]);

#[test]
fn a_session_of_requests() {
    let session = unique("requests");
    let large = vec![b'x'; 700_000];
    let requests: &[Request<'_>] = &[
        ("GET", "/files", &[], b""),
        ("PUT", "/files/a.txt", &[], b"hello"),
        ("PUT", "/files/a.txt", &[], b"hello again"),
        ("GET", "/files/a.txt", &[], b""),
        ("HEAD", "/files/a.txt", &[], b""),
        ("GET", "/files/a.txt", &[("range", "bytes=2-4")], b""),
        ("GET", "/files/a.txt", &[("range", "bytes=-5")], b""),
        ("GET", "/files/a.txt", &[("range", "bytes=99-")], b""),
        ("GET", "/files/a.txt", &[("range", "lines=1-2")], b""),
        ("PUT", "/files/x/y/b%20c.csv", &[], b"a,b\n1,2\n"),
        ("GET", "/files/x/y/b%20c.csv", &[], b""),
        ("PUT", "/files/a.txt/below", &[], b"no"),
        ("PUT", "/files/x", &[], b"no"),
        ("GET", "/files/x", &[], b""),
        ("DELETE", "/files/x", &[], b""),
        ("GET", "/files/missing", &[], b""),
        ("DELETE", "/files/missing", &[], b""),
        ("GET", "/files/..%2fa.txt", &[], b""),
        ("GET", "/files/%2e%2e/a.txt", &[], b""),
        ("GET", "/files//etc/passwd", &[], b""),
        ("PUT", "/files/x/../../a", &[], b"no"),
        ("PUT", "/files/a%00b", &[], b"no"),
        ("PUT", "/files/large.bin", &[], &large),
        (
            "GET",
            "/files/large.bin",
            &[("range", "bytes=262140-262150")],
            b"",
        ),
        (
            "PUT",
            "/files/too-large",
            &[("vivarium-workspace-max-bytes", "700100")],
            &[b'x'; 200],
        ),
        (
            "PUT",
            "/files/too/many",
            &[("vivarium-workspace-max-files", "6")],
            b"x",
        ),
        (
            "PUT",
            "/files/bad",
            &[("vivarium-workspace-max-files", "many")],
            b"x",
        ),
        ("POST", "/files/a.txt", &[], b""),
        ("GET", "/files", &[], b""),
        ("DELETE", "/files/a.txt", &[], b""),
        ("GET", "/files", &[], b""),
        ("DELETE", "", &[], b""),
        ("DELETE", "", &[], b""),
        ("GET", "/files", &[], b""),
    ];
    for (method, path, headers, body) in requests {
        let (native, component) = both(|service| {
            let path = format!("/v1/sessions/{session}{path}");
            said(&service.http().send(method, &path, headers, body))
        });
        assert_eq!(native, component, "{method} {path} {headers:?}");
    }
}

#[test]
fn links_are_followed_inside_and_nowhere_else() {
    let session = unique("links");
    let code = "import os; os.makedirs('folder'); open('folder/a', 'w').write('x')\nos.symlink('folder', 'to'); os.symlink('folder/a', 'file')\nos.symlink('../../etc', 'out'); os.symlink('loop', 'loop')";
    both(|service| service.start_request(&session, &run_request(code)).finish());
    for (method, path) in [
        ("GET", "to/a"),
        ("GET", "file"),
        ("GET", "out/passwd"),
        ("GET", "out"),
        ("PUT", "to/b"),
        ("PUT", "out/b"),
        ("DELETE", "file"),
        ("DELETE", "out"),
        ("GET", "folder/a"),
        ("GET", "folder/b"),
    ] {
        let (native, component) = both(|service| {
            let path = format!("/v1/sessions/{session}/files/{path}");
            said(&service.http().send(method, &path, &[], b"y"))
        });
        assert_eq!(
            native["status"], component["status"],
            "{method} {path}\n{native}\n{component}"
        );
    }
}

#[test]
fn a_file_that_the_caller_has_is_not_sent_again() {
    let session = unique("etag");
    let (native, component) = both(|service| {
        let path = format!("/v1/sessions/{session}/files/a.txt");
        service.http().put(&path, "x").expect(201);
        let etag = service.http().get(&path).header("etag").to_owned();
        let again = |etag: &str| {
            let headers = [("if-none-match", etag)];
            service.http().send("GET", &path, &headers, b"").status()
        };
        let statuses = (again(&etag), again("\"other\""));
        service.http().put(&path, "y").expect(200);
        (statuses, again(&etag))
    });
    assert_eq!(native, component);
    assert_eq!(native, ((304, 200), 200));
}

#[test]
fn routes_and_ids() {
    let request_id = [("x-request-id", "mine-1")];
    for (method, path) in [
        ("GET", "/v1/nothing"),
        ("GET", "/"),
        ("DELETE", "/v1/health"),
        ("GET", "/v1/sessions/x/run"),
        ("POST", "/v1/sessions/x"),
        ("GET", "/v1/sessions/-a/files"),
        ("GET", "/v1/sessions/a%2fb/files"),
        ("POST", "/v1/sessions/x/run"),
    ] {
        let (native, component) = both(|service| {
            let reply = service.http().send(method, path, &request_id, b"{");
            let body: Value = reply.json();
            (
                reply.status(),
                body["code"].clone(),
                reply.header("x-request-id").to_owned(),
            )
        });
        assert_eq!(native, component, "{method} {path}");
        assert_eq!(native.2, "mine-1");
    }
}
