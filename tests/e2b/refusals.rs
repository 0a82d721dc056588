//! Refusals, in the shape that E2B's clients read.

use serde_json::{Value, json};

use super::{lines, post, sandbox, types};
use crate::harness::{Reply, Server, until};

const TOKEN: &str = "correct-horse";

#[track_caller]
fn says(reply: Reply, status: u16, message: &str) {
    let reply = reply.expect(status);
    let body: Value = reply.json();
    assert_eq!(body["code"], status, "\n{reply}");
    let said = body["message"].as_str().unwrap_or_default();
    assert!(said.contains(message), "\n{reply}");
}

#[test]
fn a_bad_request_is_told_what_is_bad() {
    let http = Server::shared().http();
    let execute = |body: Value| post(http, "/execute", "", &body);
    says(execute(json!([])), 400, "the body: ");
    says(execute(json!({})), 400, "missing field `code`");
    let body = json!({ "code": "1", "language": "r" });
    says(execute(body), 400, "`r` can't be run");
    let body = json!({ "code": "1", "env_vars": { "A": "b" } });
    says(execute(body), 400, "`envs` is not supported");
    let body = json!({ "code": "1", "context_id": "nobody" });
    says(execute(body), 404, "there is no context `nobody`");
    says(http.get("/contexts"), 400, "`E2b-Sandbox-Id`");
    let id = sandbox(http);
    let headers = [("e2b-sandbox-id", id.as_str())];
    let path = "/files?path=/etc/passwd";
    says(http.send("GET", path, &headers, ""), 400, "`/workspace`");
    says(http.send("GET", "/files", &headers, ""), 400, "is a folder");
    says(
        http.send("DELETE", &format!("/contexts/{id}"), &headers, ""),
        409,
        "lasts as long",
    );
}

#[test]
fn what_is_allowed_runs() {
    let http = Server::shared().http();
    let body = json!({ "code": "1", "language": "python", "env_vars": {}, "context_id": null });
    let told = lines(&post(http, "/execute", "", &body).expect(200));
    assert_eq!(
        types(&told),
        ["number_of_executions", "result", "end_of_execution"]
    );
}

#[test]
fn a_full_workspace_takes_no_file() {
    let server = Server::with()
        .variable("python_workspace_max_bytes", 1 << 20)
        .start();
    let id = sandbox(server.http());
    let headers = [
        ("e2b-sandbox-id", id.as_str()),
        ("content-type", "application/octet-stream"),
    ];
    let write = |bytes: usize| {
        let http = server.http();
        http.send("POST", "/files?path=a", &headers, vec![0; bytes])
    };
    write(1 << 20).expect(200);
    says(write((1 << 20) + 1), 507, "the workspace is full");
}

#[test]
fn the_token_may_come_in_any_of_its_headers() {
    let server = Server::with().variable("api_token", TOKEN).start();
    let body = json!({ "code": "1" }).to_string();
    let execute = |headers: &[(&str, &str)]| server.http().send("POST", "/execute", headers, &body);
    let bearer = format!("Bearer {TOKEN}");
    for header in ["x-access-token", "x-api-key", "e2b-traffic-access-token"] {
        execute(&[(header, TOKEN)]).expect(200);
        says(
            execute(&[(header, "wrong")]),
            401,
            "a valid token is needed",
        );
        says(
            execute(&[(header, &bearer)]),
            401,
            "a valid token is needed",
        );
    }
    execute(&[("authorization", &bearer)]).expect(200);
    says(execute(&[]), 401, "a valid token is needed");
    for (method, path) in [
        ("POST", "/v2/sandboxes"),
        ("GET", "/v2/sandboxes"),
        ("DELETE", "/sandboxes/a"),
        ("GET", "/contexts"),
        ("GET", "/files?path=a"),
        ("GET", "/health"),
    ] {
        let reply = server.http().send(method, path, &[], "");
        says(reply, 401, "a valid token is needed");
    }
    let stat = "/filesystem.Filesystem/Stat";
    let refused = server.http().send("POST", stat, &[], "{}").expect(401);
    assert_eq!(refused.json::<Value>()["code"], "unauthenticated");
}

#[test]
fn a_sandbox_is_given_the_token_that_asked_for_it() {
    let server = Server::with().variable("api_token", TOKEN).start();
    let key = [("x-api-key", TOKEN)];
    let made: Value = server
        .http()
        .send("POST", "/v2/sandboxes", &key, "{}")
        .expect(201)
        .json();
    assert_eq!(made["envdAccessToken"], TOKEN);
    assert_eq!(made["trafficAccessToken"], TOKEN);
}

#[test]
fn past_the_queue_it_is_told_to_come_again() {
    let server = Server::with()
        .arguments(&["--max-concurrent", "1", "--max-queued", "0"])
        .start();
    let http = server.http();
    let session = server.session();
    let waits =
        "import os, time\nopen('on', 'w')\nwhile not os.path.exists('go'): time.sleep(0.01)";
    std::thread::scope(|scope| {
        let running = scope.spawn(|| session.run(waits));
        until("it to run", || {
            (session.get("files/on").status() == 200).then_some(())
        });
        let refused = post(http, "/execute", "", &json!({ "code": "1" })).expect(429);
        assert!(!refused.header("retry-after").is_empty(), "\n{refused}");
        assert_eq!(refused.json::<Value>()["code"], 429, "\n{refused}");
        session.put("files/go", "").expect(201);
        running.join().unwrap().succeeded();
    });
}
