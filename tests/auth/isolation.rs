//! What is another's is not there: every route that names a session or an execution answers as for one that nobody has.

use api::history::Status;
use serde_json::json;

use super::{ONE, TWO, UNNAMED, call, execution, two_tenants, with_tenants};
use crate::harness::{Http, ModelServer, Reply, Server};

const SESSION: &str = "ones-session";
const NO_SESSION: &str = "no-session";
const NO_EXECUTION: &str = "0123456789abcdef";

/// `S` is a session's id and `E` an execution's that waits for approval. What writes comes last.
const ROUTES: [(&str, &str); 16] = [
    ("GET", "/api/sessions/S"),
    ("GET", "/api/sessions/S/executions"),
    ("GET", "/api/sessions/S/files"),
    ("GET", "/api/sessions/S/files/kept.csv"),
    ("HEAD", "/api/sessions/S/files/kept.csv"),
    ("GET", "/api/sessions/S/files.zip"),
    ("GET", "/api/sessions/S/tables/kept.csv"),
    ("GET", "/api/executions?session_id=S"),
    ("GET", "/api/logs/prompts?session_id=S"),
    ("GET", "/api/executions/E"),
    ("GET", "/api/executions/E/events"),
    ("POST", "/api/executions/E/cancel"),
    ("POST", "/api/executions/E/approve"),
    ("POST", "/api/executions/E/reject"),
    ("DELETE", "/api/sessions/S/files/kept.csv"),
    ("DELETE", "/api/sessions/S"),
];

/// All that can be told from an answer, with the ids it was asked for taken out.
fn told(reply: &Reply, ids: [&str; 2]) -> String {
    let [session, execution] = ids;
    let names = [
        "content-type",
        "content-length",
        "content-disposition",
        "allow",
        "etag",
    ];
    let headers = names.map(|name| match name {
        // It says how long the ids are.
        "content-length" => "",
        name => reply.header(name),
    });
    let text = reply.text().replace(session, "S").replace(execution, "E");
    format!("{} {headers:?} {text}", reply.status())
}

fn ask(http: &Http, (method, path): (&str, &str), [session, execution]: [&str; 2]) -> String {
    let path = path.replace('S', session).replace('E', execution);
    let body: &[u8] = if method == "POST" { b"{}" } else { b"" };
    let reply = http.send(method, &path, &[], body);
    told(&reply, [session, execution])
}

#[test]
fn what_is_anothers_is_answered_as_what_is_not_there() {
    let model = ModelServer::replying([]);
    let server = with_tenants(Server::asking(&model))
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let one = server.http().bearer(ONE);
    let waiting = call(&one, SESSION, "print('hi')").send();
    let id = waiting.execution_id();
    one.put(&format!("/api/sessions/{SESSION}/files/kept.csv"), "a\n1\n")
        .expect(201);

    for token in [TWO, UNNAMED] {
        let other = server.http().bearer(token);
        for route in ROUTES {
            let answer = ask(&other, route, [SESSION, id]);
            let missing = ask(&other, route, [NO_SESSION, NO_EXECUTION]);
            assert_eq!(answer, missing, "{route:?}");
            assert!(
                answer.starts_with("404") || route.1.contains('?'),
                "{route:?}: {answer}"
            );
        }
    }
    // The control: it is all there, and its owner can do everything with it.
    let seen = execution(&one, id);
    assert_eq!(seen.summary.status, Status::AwaitingApproval, "{seen:?}");
    let approve = format!("/api/executions/{id}/approve");
    one.post_json(&approve, &json!({})).expect(200);
    for (method, path) in ROUTES {
        let path = path.replace('S', SESSION).replace('E', id);
        if method != "POST" {
            let reply = one.send(method, &path, &[], b"");
            assert!((200..300).contains(&reply.status()), "\n{reply}");
        }
    }
}

#[test]
fn the_same_id_is_another_session_for_each() {
    let server = two_tenants();
    let callers = [ONE, TWO, UNNAMED].map(|token| (token, server.http().bearer(token)));
    for (token, http) in &callers {
        let code =
            format!("import os\nprint(os.listdir())\nopen('mine.txt', 'w').write('{token}')");
        let reply = call(http, "same", &code).send().succeeded();
        assert_eq!(reply.data.stdout.matches("script_").count(), 1, "\n{reply}");
        assert_eq!(reply.session_id(), "same");
        assert_eq!(reply.data.workspace, "data/scratch/same");
        let path = "/api/sessions/same/files/mine.txt";
        assert_eq!(http.get(path).expect(200).text(), *token);
    }
    let (_, two) = &callers[1];
    two.put("/api/sessions/same/files/twos.txt", "2")
        .expect(201);
    two.delete("/api/sessions/same").expect(204);
    two.get("/api/sessions/same").refused(404, "not_found");
    for (token, http) in [&callers[0], &callers[2]] {
        let mine = http.get("/api/sessions/same/files/mine.txt").expect(200);
        assert_eq!(mine.text(), *token);
        let session = http.get("/api/sessions/same").expect(200);
        assert_eq!(session.json::<serde_json::Value>()["executions"], 1);
    }
    for folder in ["one~same", "same"] {
        assert!(
            server.data_file("scratch").join(folder).exists(),
            "{folder}"
        );
    }
    assert!(!server.data_file("scratch/two~same").exists());
}

#[test]
fn a_generated_session_is_its_callers() {
    let server = two_tenants();
    let (one, two) = (server.http().bearer(ONE), server.http().bearer(TWO));
    let reply = crate::harness::ToolCall::new(&one, "print('hi')").send();
    let path = format!("/api/sessions/{}", reply.session_id());
    one.get(&path).expect(200);
    two.get(&path).refused(404, "not_found");
    assert!(!reply.value().to_string().contains('~'), "\n{reply}");
}

#[test]
fn a_key_of_anothers_session_is_no_id() {
    let server = two_tenants();
    let one = server.http().bearer(ONE);
    call(&one, "secret", "print('hi')").send();
    for token in [ONE, TWO, UNNAMED] {
        let http = server.http().bearer(token);
        for id in ["one~secret", "one%7Esecret", "one%7esecret"] {
            for rest in [
                "",
                "/executions",
                "/files",
                "/files/a.txt",
                "/files.zip",
                "/tables/a.csv",
            ] {
                let path = format!("/api/sessions/{id}{rest}");
                http.get(&path).refused(400, "bad_request");
            }
            let path = format!("/api/sessions/{id}/files/a.txt");
            http.put(&path, "x").refused(400, "bad_request");
            http.delete(&format!("/api/sessions/{id}"))
                .refused(400, "bad_request");
            for list in ["sessions", "executions", "logs/prompts", "logs/prompts.log"] {
                let path = format!("/api/{list}?session_id={id}");
                http.get(&path).refused(400, "bad_request");
            }
        }
        let reply = call(&http, "one~secret", "print('hi')").reply().expect(400);
        assert!(reply.text().contains("invalid session_id"), "\n{reply}");
    }
}

/// The other wires lead to the same sessions.
#[test]
fn what_is_anothers_is_not_there_for_other_clients_either() {
    let server = two_tenants();
    let (one, two) = (server.http().bearer(ONE), server.http().bearer(TWO));
    one.put(&format!("/api/sessions/{SESSION}/files/kept.csv"), "a\n1\n")
        .expect(201);

    let uri = format!("vivarium://sessions/{SESSION}/files/kept.csv");
    let read =
        json!({ "jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": { "uri": uri } });
    let (mine, others) = (one.post_json("/mcp", &read), two.post_json("/mcp", &read));
    assert!(mine.text().contains("a\\n1"), "\n{mine}");
    assert!(others.text().contains("there is no resource"), "\n{others}");

    let sandbox = format!("/sandboxes/{SESSION}");
    one.get(&sandbox).expect(200);
    two.get(&sandbox).expect(404);
    let named = [("e2b-sandbox-id", SESSION)];
    let file = "/files?path=kept.csv";
    one.send("GET", file, &named, b"").expect(200);
    two.send("GET", file, &named, b"").expect(502);
    let run = br#"{"code": "print('hi')"}"#;
    two.send("POST", "/execute", &named, run).expect(502);
    two.delete(&sandbox).expect(404);
    one.get(&sandbox).expect(200);
}
