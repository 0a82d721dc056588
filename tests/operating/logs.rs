//! `data/logs/function.log` and `python.log`: a JSON object a line, found by the request's id.

use std::fs;

use serde_json::json;

use super::lines;
use crate::harness::{PYTHON_CODER, PythonService, Server, run_request, unique, until};

#[test]
fn a_call_is_one_line_in_each_log() {
    let server = Server::with()
        .variable("api_token", "secret")
        .variable("api_tokens", "acme:token-of-acme")
        .start();
    let body = json!({ "code": "print('word-of-the-code')\n1 / 0", "session_id": "s" }).to_string();
    let headers = [
        ("x-request-id", "call-1"),
        ("authorization", "Bearer token-of-acme"),
    ];
    let path = format!("{PYTHON_CODER}?word-of-the-query");
    let reply = server
        .http()
        .send("POST", &path, &headers, &body)
        .expect(200);
    let said: serde_json::Value = reply.json();

    let line = lines(&server, "function", "call-1", 1).remove(0);
    let expected = [
        ("level", json!("info")),
        ("message", json!("answered")),
        ("method", json!("POST")),
        ("path", json!(PYTHON_CODER)),
        ("status", json!(200)),
        ("tenant", json!("acme")),
        ("session_id", json!("s")),
        ("execution_id", said["metadata"]["execution_id"].clone()),
        ("mode", json!("native")),
        ("outcome", json!("exception")),
    ];
    for (name, value) in expected {
        assert_eq!(line[name], value, "{name} of {line}");
    }
    assert!(line["duration_ms"].as_f64().unwrap() > 0.0, "{line}");
    let time = line["time"].as_str().unwrap();
    assert!(
        time.parse::<jiff::Timestamp>().is_ok() && time.len() == 24,
        "{line}"
    );

    let line = lines(&server, "python", "call-1", 1).remove(0);
    assert_eq!(line["path"], "/v1/sessions/acme~s/run", "{line}");
    assert_eq!(
        (&line["status"], &line["message"]),
        (&json!(200), &json!("answered")),
        "{line}"
    );
    assert_eq!(line["outcome"], "exception", "{line}");
    assert_eq!(line["time"].as_str().unwrap().len(), 24, "{line}");

    for log in ["function", "python"] {
        let text = fs::read_to_string(server.data_file(&format!("logs/{log}.log"))).unwrap();
        for secret in ["token-of-acme", "word-of-the"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn a_refusal_says_its_code_and_noise_is_left_out() {
    let server = Server::with().start();
    let get = |id, path| server.http().send("GET", path, &[("x-request-id", id)], "");
    get("quiet", "/api/health").expect(200);
    get("quiet", "/metrics").expect(200);
    get("loud", "/api/sessions/none").expect(404);
    let line = lines(&server, "function", "loud", 1).remove(0);
    assert_eq!(
        (&line["status"], &line["code"]),
        (&json!(404), &json!("not_found")),
        "{line}"
    );
    for log in ["function", "python"] {
        let text = fs::read_to_string(server.data_file(&format!("logs/{log}.log"))).unwrap();
        assert!(!text.contains("quiet"), "{text}");
    }
}

#[test]
fn who_hangs_up_is_told_from_who_is_answered_and_the_end_is_told_too() {
    let server = Server::with().start();
    let body =
        json!({ "code": "open('on', 'w')\nwhile True: pass", "session_id": "s" }).to_string();
    let connection = server.process().send_raw(&format!(
        "POST {PYTHON_CODER} HTTP/1.1\r\nhost: x\r\nx-request-id: gone\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    until("the program to run", || {
        (server.http().get("/api/sessions/s/files/on").status() == 200).then_some(())
    });
    drop(connection);
    let both = lines(&server, "function", "gone", 2);
    assert_eq!(both[0]["message"], "the caller hung up", "{both:?}");
    assert_eq!(both[1]["message"], "the execution ended", "{both:?}");
    assert_eq!(both[1]["outcome"], "cancelled", "{both:?}");

    let headers = [("x-request-id", "later")];
    let body = json!({ "code": "import time; time.sleep(0.3)" }).to_string();
    let path = format!("{PYTHON_CODER}?background=true");
    server
        .http()
        .send("POST", &path, &headers, &body)
        .expect(202);
    let both = lines(&server, "function", "later", 2);
    assert_eq!(both[0]["status"], 202, "{both:?}");
    assert_eq!(both[1]["outcome"], "ok", "{both:?}");
    assert_eq!(both[0]["execution_id"], both[1]["execution_id"], "{both:?}");
}

#[test]
fn what_goes_wrong_is_said_with_the_request_it_went_wrong_for() {
    let server = Server::with().start();
    server.still_answers();
    // A workspace that is no folder.
    fs::write(server.data_file("scratch/broken"), "").unwrap();
    let body = json!({ "code": "1", "session_id": "broken" }).to_string();
    let headers = [("x-request-id", "broken-1")];
    server
        .http()
        .send("POST", PYTHON_CODER, &headers, &body)
        .expect(200);
    let both = lines(&server, "python", "broken-1", 2);
    assert_eq!(both[0]["level"], "error", "{both:?}");
    assert_eq!(both[0]["message"], "a run could not be started", "{both:?}");
    assert!(!both[0]["error"].as_str().unwrap().is_empty(), "{both:?}");
}

#[test]
fn alone_the_python_service_logs_to_standard_error() {
    let service = PythonService::start(&[]);
    let request = serde_json::to_string(&run_request("1 / 0")).unwrap();
    let path = format!("/v1/sessions/{}/run", unique("logged"));
    let headers = [
        ("x-request-id", "alone"),
        ("content-type", "application/json"),
    ];
    service
        .http()
        .send("POST", &path, &headers, request)
        .expect(200);
    until("its line", || {
        let text = service.process().log().text();
        let line = text
            .lines()
            .find(|line| line.contains("\"request_id\":\"alone\""))?;
        let start = line.find('{')?;
        let line: serde_json::Value = serde_json::from_str(&line[start..]).ok()?;
        (line["path"] == *path && line["status"] == 200).then_some(())
    });
}
