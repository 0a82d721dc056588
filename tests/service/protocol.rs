//! Every field, and every refusal beside a control.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::harness::{PythonService, redacted, run_request, unique};

fn events(session: &str, code: &str) -> Vec<Value> {
    let body = serde_json::to_value(run_request(code)).unwrap();
    let reply = PythonService::shared()
        .http()
        .post_json(&format!("/v1/sessions/{session}/run"), &body)
        .expect(200);
    let mut events: Vec<Value> = Vec::new();
    for line in reply.text().lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        match events.last_mut() {
            // A stream may come in any number of pieces.
            Some(last) if event["event"] == "stdout" && last["event"] == "stdout" => {
                let whole = [&last["text"], &event["text"]]
                    .map(|text| text.as_str().unwrap())
                    .concat();
                last["text"] = whole.into();
            }
            _ => events.push(event),
        }
    }
    events
}

#[test]
fn the_events_of_a_program_that_succeeds() {
    let events = events(
        "protocol-success",
        "open('a.txt', 'w').write('x')\nprint('hi')\n42",
    );
    redacted(|| assert_json_snapshot!(events));
}

#[test]
fn the_events_of_a_program_that_fails() {
    redacted(|| assert_json_snapshot!(events("protocol-failure", "print('before')\n1 / 0")));
}

#[test]
fn health_describes_the_service() {
    let health = PythonService::shared().health();
    assert_eq!((health.status.as_str(), health.max_concurrent), ("ok", 16));
    assert!(health.started_at < jiff::Timestamp::now());
    assert!(health.image.packages.contains_key("numpy"), "{health:?}");
}

#[test]
fn a_run_must_be_whole_and_well_formed() {
    let http = PythonService::shared().http();
    let path = format!("/v1/sessions/{}/run", unique("bad"));
    let good = serde_json::to_value(run_request("1")).unwrap();
    http.post_json(&path, &good).expect(200);
    for (field, bad) in [
        ("code", json!(null)),
        ("script_name", json!("../x.py")),
        ("script_name", json!("a/x.py")),
        ("script_name", json!("/x.py")),
        ("script_name", json!("")),
        ("script_name", json!("a\0.py")),
        ("timeout_ms", json!(-1)),
        ("memory_bytes", json!("much")),
    ] {
        let mut body = good.clone();
        body[field] = bad.clone();
        let reply = http.post_json(&path, &body);
        assert_eq!(reply.status(), 400, "{field}: {bad}\n{reply}");
        reply.refused(400, "bad_request");
    }
    http.send("POST", &path, &[("content-type", "application/json")], "{")
        .refused(400, "bad_request");
}

#[test]
fn a_session_id_is_checked_here_too() {
    let http = PythonService::shared().http();
    let body = serde_json::to_value(run_request("1")).unwrap();
    for id in ["..", "%2e%2e", "a%2fb", "-a", ".a", "%00", &"a".repeat(65)] {
        let reply = http.post_json(&format!("/v1/sessions/{id}/run"), &body);
        assert!(matches!(reply.status(), 400 | 404), "{id}\n{reply}");
        let reply = http.get(&format!("/v1/sessions/{id}/files"));
        assert!(matches!(reply.status(), 400 | 404), "{id}\n{reply}");
    }
}

#[test]
fn a_deleted_session_is_gone() {
    let service = PythonService::shared();
    let id = unique("deleted");
    service
        .http()
        .put(&format!("/v1/sessions/{id}/files/a.txt"), "x")
        .expect(201);
    service
        .http()
        .delete(&format!("/v1/sessions/{id}"))
        .expect(204);
    service
        .http()
        .get(&format!("/v1/sessions/{id}/files"))
        .refused(404, "not_found");
    service
        .http()
        .delete(&format!("/v1/sessions/{id}"))
        .refused(404, "not_found");
}

#[test]
fn an_unknown_route_is_not_found_and_a_wrong_method_not_allowed() {
    let http = PythonService::shared().http();
    http.get("/v1/nothing").refused(404, "not_found");
    http.get("/").refused(404, "not_found");
    http.delete("/v1/health").refused(405, "method_not_allowed");
    http.get(&format!("/v1/sessions/{}/run", unique("x")))
        .refused(405, "method_not_allowed");
}
