//! What changes is told, as it changes or to those who ask again.

use std::time::{Duration, Instant};

use api::history::Status;
use api::live::Changes;

use crate::harness::history::{fill, fill_session};
use crate::harness::{ModelServer, Say, Server, Watched, until};

fn changes(server: &Server, cursor: &str) -> Changes {
    let path = format!("/api/events?cursor={cursor}");
    server.http().get(&path).expect(200).json()
}

#[test]
fn who_asks_first_is_told_where_to_begin() {
    let server = Server::with().start();
    server.run("1").succeeded();
    let first = changes(&server, "");
    assert_eq!(first.executions, []);
    assert!(!first.reset && !first.cursor.is_empty(), "{first:?}");
    assert_eq!(changes(&server, &first.cursor), first);
}

#[test]
fn who_asks_again_is_told_what_changed_once() {
    let server = Server::with().start();
    let first = changes(&server, "");
    let ran = server.session_called("a").run("1").succeeded();
    let failed = server.session_called("b").run("1 / 0");
    let next = changes(&server, &first.cursor);
    let told: Vec<_> = next
        .executions
        .iter()
        .map(|e| (e.execution_id.as_str(), e.status))
        .collect();
    // Each as it stands now, though it began and ended since.
    assert_eq!(
        told,
        [
            (failed.execution_id(), Status::Failed),
            (ran.execution_id(), Status::Succeeded)
        ]
    );
    assert_eq!(next.sessions, [""; 0]);
    let last = changes(&server, &next.cursor);
    assert_eq!((last.executions.len(), &last.cursor), (0, &next.cursor));
}

#[test]
fn sessions_that_come_with_a_file_or_go_are_told() {
    let server = Server::with().start();
    server.session_called("goes").run("1").succeeded();
    let first = changes(&server, "");
    server
        .session_called("comes")
        .put("files/a.txt", "x")
        .expect(201);
    server.http().delete("/api/sessions/goes").expect(204);
    let mut next = changes(&server, &first.cursor);
    next.sessions.sort();
    assert_eq!(next.sessions, ["comes", "goes"]);
    assert_eq!(next.executions, []);
}

#[test]
fn an_execution_that_went_with_its_session_is_told_no_more() {
    let server = Server::with().start();
    let first = changes(&server, "");
    server.session_called("brief").run("1").succeeded();
    server.http().delete("/api/sessions/brief").expect(204);
    let next = changes(&server, &first.cursor);
    assert_eq!(next.executions, []);
    assert_eq!(next.sessions, ["brief"]);
}

#[test]
fn two_hundred_changes_are_told_and_one_more_is_too_many() {
    let server = Server::with().start();
    let first = changes(&server, "");
    fill(server.data(), 200, 1);
    let told = changes(&server, &first.cursor);
    assert_eq!((told.executions.len(), told.reset), (200, false));
    fill_session(server.data(), "last", 1);
    let told = changes(&server, &first.cursor);
    assert_eq!((told.executions.len(), told.reset), (0, true));
    let then = changes(&server, &told.cursor);
    assert!(!then.reset, "{then:?}");
}

#[test]
fn what_is_forgotten_and_what_never_was_is_read_anew() {
    let server = Server::with().start();
    let first = changes(&server, "");
    // Two changes each: it began and it ended.
    fill(server.data(), 1, 5001);
    let forgotten = changes(&server, &first.cursor);
    assert!(forgotten.reset, "{forgotten:?}");
    let future = changes(&server, "999999999");
    assert_eq!((future.reset, &future.cursor), (true, &forgotten.cursor));
}

#[test]
fn a_bad_cursor_is_refused() {
    let http = Server::shared().http();
    for bad in ["x", "-1", "1.5", "%00", "99999999999999999999"] {
        let path = format!("/api/events?cursor={bad}");
        http.get(&path).refused(400, "bad_request");
        let watch = [("accept", "text/event-stream")];
        http.send("GET", &path, &watch, b"")
            .refused(400, "bad_request");
    }
    let bad = [("last-event-id", "x")];
    http.send("GET", "/api/events", &bad, b"")
        .refused(400, "bad_request");
}

#[test]
fn changes_arrive_while_they_happen() {
    let server = Server::with().start();
    let mut watched = Watched::open(server.http(), "", &[]);
    assert_eq!(watched.next().executions, []);
    let session = server.session_called("watched");
    std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            session.run("import os, time\nwhile not os.path.exists('go'): time.sleep(0.005)")
        });
        let began = watched.until(|changes| !changes.executions.is_empty());
        assert_eq!(began.executions[0].session_id, "watched");
        assert_eq!(began.executions[0].status, Status::Running);
        // Only because that came already can the file be put that ends the program.
        session.put("files/go", "").expect(201);
        let ended = watched.until(|changes| !changes.executions.is_empty());
        assert_eq!(ended.executions[0].status, Status::Succeeded);
        run.join().unwrap().succeeded();
    });
}

#[test]
fn code_that_begins_to_wait_for_a_person_is_told() {
    let model = ModelServer::replying([Say::done("print('hi')")]);
    let server = Server::asking(&model)
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let mut watched = Watched::open(server.http(), "", &[]);
    watched.next();
    let waits = server.run("print the word hi for me");
    let told = watched.until(|changes| {
        let mut statuses = changes.executions.iter().map(|e| e.status);
        statuses.any(|status| status == Status::AwaitingApproval)
    });
    assert_eq!(told.executions[0].execution_id, waits.execution_id());
}

#[test]
fn who_comes_back_is_told_what_he_missed() {
    let server = Server::with().start();
    let mut watched = Watched::open(server.http(), "", &[]);
    let begin = watched.next().cursor;
    drop(watched);
    let ran = server.run("1").succeeded();
    let back = Watched::open(server.http(), "", &[("last-event-id", &begin)]).next();
    assert_eq!(back.executions[0].execution_id, ran.execution_id());
    // The header is newer than the address, which a browser asks for again.
    let query = format!("?cursor={begin}");
    let known = Watched::open(server.http(), &query, &[("last-event-id", &back.cursor)]).next();
    assert_eq!(known.executions, []);
    let asked = Watched::open(server.http(), &query, &[]).next();
    assert_eq!(asked.executions.len(), 1);
}

#[test]
fn a_stream_without_news_beats() {
    let server = Server::with().start();
    let mut watched = Watched::open(server.http(), "", &[]);
    watched.next();
    let silent = Instant::now();
    watched.until_text(": beat\n\n");
    assert!(silent.elapsed() < Duration::from_secs(5));
}

#[test]
fn an_execution_that_the_system_left_behind_is_told() {
    let server = Server::with().start();
    let body = r#"{"code": "open('started.txt', 'w')\nwhile True: pass", "session_id": "left"}"#;
    let connection = server.process().send_raw(&format!(
        "POST /api/tools/python_coder HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    until("the program to start", || {
        let started = server.session_called("left").get("files/started.txt");
        (started.status() == 200).then_some(())
    });
    let cursor = changes(&server, "").cursor;
    let data = server.kill();
    drop(connection);
    let server = Server::with().start_in(data);
    let back = Watched::open(server.http(), "", &[("last-event-id", &cursor)]).next();
    assert_eq!(back.executions[0].status, Status::Interrupted);
}

#[test]
fn many_who_watch_keep_nobody_from_running_code() {
    let server = Server::with().start();
    let mut all: Vec<_> = (0..20)
        .map(|_| Watched::open(server.http(), "", &[]))
        .collect();
    for watched in &mut all {
        watched.next();
    }
    let ran = server.run("print('hi')").prints("hi\n");
    for watched in &mut all {
        let told = watched.until(|changes| {
            let mut statuses = changes.executions.iter().map(|e| e.status);
            statuses.any(|status| status == Status::Succeeded)
        });
        assert_eq!(told.executions[0].execution_id, ran.execution_id());
    }
    drop(all);
    server.still_answers();
}
