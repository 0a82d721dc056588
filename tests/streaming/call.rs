//! A tool call that is answered with events.

use api::history::{Execution, ExecutionSummary, Page, Status};
use api::live::LiveEvent;
use serde_json::json;

use super::{WAITS, stream};
use crate::harness::{LiveEvents, PYTHON_CODER, Server, in_words, until};

const ASKED: (&str, &str) = ("accept", "text/event-stream");

#[test]
fn each_event_has_its_word_its_number_and_its_json() {
    let server = Server::shared();
    let reply = server
        .http()
        .send(
            "POST",
            PYTHON_CODER,
            &[ASKED],
            r#"{"code": "print(end='hi')"}"#,
        )
        .expect(200);
    assert_eq!(
        reply.header("content-type"),
        "text/event-stream",
        "\n{reply}"
    );
    assert_eq!(reply.header("cache-control"), "no-store", "\n{reply}");
    assert_eq!(reply.header("x-accel-buffering"), "no", "\n{reply}");
    let events = reply.text().split_terminator("\n\n");
    let heads: Vec<_> = events
        .filter(|event| !event.starts_with(':'))
        .map(|event| event.split("\"").next().unwrap())
        .collect();
    assert_eq!(
        heads,
        [
            "id: 1\nevent: started\ndata: {",
            "id: 2\nevent: attempt\ndata: {",
            "id: 3\nevent: stdout\ndata: {",
            "id: 4\nevent: finished\ndata: {",
        ],
        "\n{reply}"
    );
}

#[test]
fn what_a_program_does_is_told_in_order() {
    let code =
        "import sys\nprint('one', flush=True)\nprint('two', file=sys.stderr, flush=True)\n42";
    let server = Server::shared();
    let (told, response) = stream(server, server.session().id(), code).rest();
    assert_eq!(
        in_words(&told),
        [
            "started",
            &format!("attempt 1: {code}"),
            "stdout: one\n",
            "stderr: two\n",
            "result: 42",
        ]
    );
    assert!(response.success, "{response:?}");
}

#[test]
fn output_arrives_while_the_program_still_runs() {
    let server = Server::shared();
    let session = server.session();
    let mut events = stream(server, session.id(), WAITS);
    assert_eq!(
        in_words(&events.until_line()).last().unwrap(),
        "stdout: waiting\n"
    );
    session.put("files/go", "").expect(201);
    let (told, response) = events.rest();
    assert_eq!(in_words(&told), ["stdout: went\n"]);
    assert_eq!(response.data.stdout, "waiting\nwent\n");
}

#[test]
fn a_mebibyte_arrives_whole_and_in_order() {
    let code = "for number in range(1 << 17): print(f'{number:07}')";
    let server = Server::shared();
    let (told, response) = stream(server, server.session().id(), code).rest();
    let text = |event: &LiveEvent| match event {
        LiveEvent::Stdout { text } => text.clone(),
        _ => String::new(),
    };
    let stdout: String = told.iter().map(text).collect();
    let expected: String = (0..1 << 17)
        .map(|number| format!("{number:07}\n"))
        .collect();
    assert_eq!(stdout.len(), 1 << 20);
    assert!(stdout == expected, "it is out of order");
    assert!(response.data.stdout == expected);
}

#[test]
fn only_who_names_events_gets_them() {
    for accept in ["*/*", "text/*", "application/json"] {
        let reply = Server::shared()
            .http()
            .send(
                "POST",
                PYTHON_CODER,
                &[("accept", accept)],
                r#"{"code": "1"}"#,
            )
            .expect(200);
        assert_eq!(
            reply.header("content-type"),
            "application/json",
            "\n{reply}"
        );
    }
    let both = [("accept", "application/json, Text/Event-Stream;q=0.5")];
    let reply = Server::shared()
        .http()
        .send("POST", PYTHON_CODER, &both, r#"{"code": "1"}"#)
        .expect(200);
    assert_eq!(
        reply.header("content-type"),
        "text/event-stream",
        "\n{reply}"
    );
}

#[test]
fn what_is_refused_before_it_begins_keeps_its_status() {
    let server = Server::with().variable("api_token", "secret").start();
    let refused = |http: &crate::harness::Http, body: &str, status, code| {
        let reply = http
            .send("POST", PYTHON_CODER, &[ASKED], body)
            .expect(status);
        let answer: serde_json::Value = reply.json();
        assert_eq!(answer["metadata"]["code"], code, "\n{reply}");
    };
    let http = server.http().bearer("secret");
    refused(&http, "{", 400, "bad_request");
    refused(server.http(), r#"{"code": "1"}"#, 401, "unauthorized");
    // The control.
    http.send("POST", PYTHON_CODER, &[ASKED], r#"{"code": "1"}"#)
        .expect(200);
}

#[test]
fn a_queue_that_is_full_is_still_a_429() {
    let server = Server::with()
        .arguments(&["--max-concurrent", "1", "--max-queued", "0"])
        .start();
    let session = server.session();
    let mut running = stream(&server, session.id(), WAITS);
    running.until_line();
    let refused = server
        .http()
        .send("POST", PYTHON_CODER, &[ASKED], r#"{"code": "1"}"#)
        .expect(429);
    assert_ne!(refused.header("retry-after"), "", "\n{refused}");
    let answer: serde_json::Value = refused.json();
    assert_eq!(answer["metadata"]["code"], "busy", "\n{refused}");
    session.put("files/go", "").expect(201);
    assert!(running.rest().1.success);
}

#[test]
fn hanging_up_cancels_it() {
    let server = Server::with().start();
    for (session, code) in [
        ("silent", "print('partial', flush=True)\nwhile True: pass"),
        ("loud", "while True: print('partial')"),
    ] {
        let mut events = stream(&server, session, code);
        let id = events.started();
        events.until_line();
        drop(events);
        let config =
            || -> api::config::Config { server.http().get("/api/config").expect(200).json() };
        until("the run to stop", || {
            (config().python?.running == 0).then_some(())
        });
        let path = format!("/api/executions/{id}");
        let (execution, _) = until("the history to know", || {
            let execution: Execution = server.http().get(&path).expect(200).json();
            (execution.summary.status != Status::Running).then_some(execution)
        });
        assert_eq!(execution.summary.status, Status::Cancelled);
        let stdout = &execution.attempt_list[0].stdout;
        assert!(stdout.starts_with("partial\n"), "{stdout}");
    }
    server.still_answers();
}

#[test]
fn it_is_in_the_history_when_it_is_told_that_it_began() {
    let server = Server::shared();
    let session = server.session();
    let mut events = LiveEvents::of_call(
        server.http(),
        &json!({ "code": WAITS, "session_id": session.id() }),
    );
    let id = events.started();
    let page: Page<ExecutionSummary> = session.get("executions").expect(200).json();
    assert_eq!(page.items[0].execution_id, id);
    assert_eq!(page.items[0].status, Status::Running);
    session.put("files/go", "").expect(201);
    events.rest();
}
