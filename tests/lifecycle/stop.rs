//! SIGTERM finishes what runs, and then exits 0.

use std::time::{Duration, Instant};

use api::history::{ExecutionSummary, Page, Status};

use crate::harness::{Server, Watched, until};

#[test]
fn sigterm_finishes_what_runs_and_exits_0() {
    let server = Server::with().start();
    let session = server.session_called("stopping");
    let reply = std::thread::scope(|scope| {
        let code = "import time\nopen('started', 'w')\ntime.sleep(0.5)\nprint('ended')";
        let running = scope.spawn(|| session.run(code));
        until("the program to start", || {
            (session.get("files/started").status() == 200).then_some(())
        });
        server.process().terminate();
        running.join().unwrap()
    });
    reply.prints("ended\n");
    let (status, data) = server.wait();
    assert_eq!(status.code(), Some(0));

    let server = Server::with().start_in(data);
    let page: Page<ExecutionSummary> = server
        .http()
        .get("/api/sessions/stopping/executions")
        .expect(200)
        .json();
    assert_eq!(page.items[0].status, Status::Succeeded);
}

#[test]
fn an_idle_server_exits_at_once() {
    let server = Server::with().start();
    server.still_answers();
    let start = Instant::now();
    server.process().terminate();
    let (status, _) = server.wait();
    assert_eq!(status.code(), Some(0));
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn who_watches_does_not_keep_it_from_stopping() {
    let server = Server::with().start();
    let mut watched = Watched::open(server.http(), "", &[]);
    watched.next();
    let start = Instant::now();
    server.process().terminate();
    // Its patience with what does not end is ten seconds.
    watched.drain();
    let (status, _) = server.wait();
    assert_eq!(status.code(), Some(0));
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_warm_start_is_ready_in_under_a_second() {
    drop(Server::with().start());
    let times = (0..3).map(|_| {
        let start = Instant::now();
        drop(Server::with().start());
        start.elapsed()
    });
    let best = times.min().unwrap();
    assert!(best < Duration::from_secs(1), "{best:?}");
}
