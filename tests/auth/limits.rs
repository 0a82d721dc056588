//! How many tool calls a token may make: at once, and in a minute.

use std::sync::Barrier;

use api::history::Status;
use serde_json::json;

use super::{ONE, TWO, call, execution, with_tenants};
use crate::harness::server::Setup;
use crate::harness::{Http, LiveEvents, ModelServer, PYTHON_CODER, Reply, Server, until};

/// Runs until there is a file `go`, and says that it runs with a file `on`.
const WAIT: &str =
    "import os, time\nopen('on', 'w')\nwhile not os.path.exists('go'): time.sleep(0.01)";

fn at_once(calls: u32) -> Setup {
    with_tenants(Server::with())
        .variable("api_max_concurrent", calls)
        .arguments(&["--max-concurrent", "8"])
}

fn per_minute(calls: u32) -> Setup {
    with_tenants(Server::with()).variable("api_max_calls_per_minute", calls)
}

/// Asserts that a call was refused in the tool's own shape; gives the seconds to wait.
#[track_caller]
fn too_many(reply: Reply, setting: &str) -> u64 {
    let reply = reply.expect(429);
    let body: serde_json::Value = reply.json();
    assert_eq!(body["success"], false, "\n{reply}");
    assert_eq!(body["metadata"]["code"], "busy", "\n{reply}");
    assert_eq!(body["data"]["returncode"], 126, "\n{reply}");
    let error = body["error"].as_str().unwrap();
    assert!(error.contains(setting), "\n{reply}");
    let seconds = reply.header("retry-after").parse();
    seconds.unwrap_or_else(|error| panic!("{error}\n{reply}"))
}

/// Begins a call that does not end, and waits until it runs.
fn begin(server: &Server, http: &Http, token: &str, session: &str) -> std::net::TcpStream {
    let body = json!({ "code": WAIT, "session_id": session }).to_string();
    let connection = server.process().send_raw(&format!(
        "POST {PYTHON_CODER} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    let path = format!("/api/sessions/{session}/files/on");
    until("the program to run", || {
        (http.get(&path).status() == 200).then_some(())
    });
    connection
}

#[test]
fn no_more_than_so_many_in_a_minute() {
    let server = per_minute(3).start();
    let (one, two) = (server.http().bearer(ONE), server.http().bearer(TWO));
    for _ in 0..3 {
        call(&one, "a", "print('hi')").send().prints("hi\n");
    }
    let wait = too_many(
        call(&one, "b", "print('hi')").reply(),
        "api_max_calls_per_minute",
    );
    assert!((1..=60).contains(&wait), "{wait}");
    // It asks for a call's events, and is refused all the same.
    let headers = [("accept", "text/event-stream")];
    let reply = one.send("POST", PYTHON_CODER, &headers, r#"{"code": "1"}"#);
    too_many(reply, "api_max_calls_per_minute");
    // A refused call is no execution, and to forget those that were makes no room.
    one.get("/api/sessions/b").refused(404, "not_found");
    one.delete("/api/sessions/a").expect(204);
    too_many(call(&one, "a", "1").reply(), "api_max_calls_per_minute");
    // What is no call is not counted, and nor are another's.
    for _ in 0..5 {
        one.get("/api/sessions").expect(200);
        call(&two, "a", "1").reply();
    }
    too_many(call(&two, "a", "1").reply(), "api_max_calls_per_minute");

    let server = per_minute(3).start_in(server.kill());
    let one = server.http().bearer(ONE);
    too_many(call(&one, "a", "1").reply(), "api_max_calls_per_minute");
    let server = per_minute(4).start_in(server.kill());
    let one = server.http().bearer(ONE);
    call(&one, "a", "print('hi')").send().prints("hi\n");
}

#[test]
fn no_more_than_so_many_at_once() {
    let server = at_once(1).start();
    let (one, two) = (server.http().bearer(ONE), server.http().bearer(TWO));
    let connection = begin(&server, &one, ONE, "waiting");
    let wait = too_many(call(&one, "b", "print('hi')").reply(), "api_max_concurrent");
    assert_eq!(wait, 1);
    call(&two, "b", "print('hi')").send().prints("hi\n");
    // Whoever hangs up makes room.
    drop(connection);
    until("room", || {
        (call(&one, "b", "print('hi')").reply().status() == 200).then_some(())
    });
}

#[test]
fn of_those_that_come_together_no_more_begin() {
    const CALLS: usize = 6;
    let server = at_once(2).start();
    let one = server.http().bearer(ONE);
    let together = Barrier::new(CALLS);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..CALLS)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    call(&one, "same", WAIT).reply().status()
                })
            })
            .collect();
        // All but two are refused while these run.
        until("refusals", || {
            let ended = calls.iter().filter(|call| call.is_finished()).count();
            (ended == CALLS - 2).then_some(())
        });
        one.put("/api/sessions/same/files/go", "").expect(201);
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    let began = statuses.iter().filter(|status| **status == 200).count();
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!((began, refused), (2, CALLS - 2), "{statuses:?}");
}

#[test]
fn what_was_killed_is_counted_no_longer() {
    let server = at_once(1).start();
    let one = server.http().bearer(ONE);
    let connection = begin(&server, &one, ONE, "killed");
    too_many(call(&one, "b", "1").reply(), "api_max_concurrent");
    let server = at_once(1).start_in(server.kill());
    drop(connection);
    let one = server.http().bearer(ONE);
    call(&one, "b", "print('hi')").send().prints("hi\n");
}

#[test]
fn a_call_that_is_refused_for_one_limit_does_not_count_for_the_other() {
    let server = at_once(1).variable("api_max_calls_per_minute", 2).start();
    let one = server.http().bearer(ONE);
    let connection = begin(&server, &one, ONE, "waiting");
    for _ in 0..5 {
        too_many(call(&one, "b", "1").reply(), "api_max_concurrent");
    }
    drop(connection);
    until("room", || {
        let reply = call(&one, "b", "print('hi')").reply();
        assert!(!reply.text().contains("per_minute"), "\n{reply}");
        (reply.status() == 200).then_some(())
    });
    too_many(call(&one, "b", "1").reply(), "api_max_calls_per_minute");
}

#[test]
fn a_decision_is_a_call() {
    let model = ModelServer::replying([]);
    let server = with_tenants(Server::asking(&model))
        .variable("python_coder_openinterpreter_auto_run", "false")
        .variable("api_max_calls_per_minute", 1)
        .start();
    let one = server.http().bearer(ONE);
    let waiting = call(&one, "a", "print('hi')").send();
    let approve = format!("/api/executions/{}/approve", waiting.execution_id());
    let reply = one.post_json(&approve, &json!({})).refused(429, "busy");
    assert!(!reply.header("retry-after").is_empty(), "\n{reply}");
    let still = execution(&one, waiting.execution_id());
    assert_eq!(still.summary.status, Status::AwaitingApproval);
}

#[test]
fn a_call_that_goes_on_with_events_has_its_place_until_its_end() {
    let server = at_once(1).start();
    let one = server.http().bearer(ONE);
    let body = json!({ "code": format!("print('on', flush=True)\n{WAIT}"), "session_id": "a" });
    let mut events = LiveEvents::of_call(&one, &body);
    events.until_line();
    too_many(call(&one, "b", "1").reply(), "api_max_concurrent");
    one.put("/api/sessions/a/files/go", "").expect(201);
    events.rest();
    call(&one, "b", "print('hi')").send().prints("hi\n");
}
