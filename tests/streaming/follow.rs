//! An execution that somebody else began.

use api::history::{Execution, Status};
use api::live::LiveEvent;

use super::{WAITS, follow, stream};
use crate::harness::{LiveEvents, Server, in_words, until};

#[test]
fn one_that_runs_is_told_from_its_beginning_to_its_end() {
    let server = Server::shared();
    let session = server.session();
    let mut call = stream(server, session.id(), WAITS);
    let id = call.started();
    let mut first = follow(server, &id);
    let begun = in_words(&first.until_line());
    let attempt = format!("attempt 1: {WAITS}");
    assert_eq!(begun, ["started", &attempt, "stdout: waiting\n"]);
    // Who comes later is told all the same.
    let mut second = follow(server, &id);
    assert_eq!(in_words(&second.until_line()), begun);
    session.put("files/go", "").expect(201);
    let (_, answer) = call.rest();
    for follower in [first, second] {
        let (told, finished) = follower.rest();
        assert_eq!(in_words(&told), ["stdout: went\n"]);
        assert_eq!(finished, answer);
    }
}

#[test]
fn one_that_has_ended_is_told_from_the_history() {
    let server = Server::shared();
    let code = "print('hi')\n42";
    let id = server.run(code).execution_id().to_owned();
    let (told, finished) = follow(server, &id).rest();
    let attempt = format!("attempt 1: {code}");
    assert_eq!(
        in_words(&told),
        ["started", &attempt, "stdout: hi\n", "result: 42"]
    );
    assert_eq!(finished.data.stdout, "hi\n");
}

#[test]
fn who_comes_back_is_told_the_rest() {
    let server = Server::shared();
    let session = server.session();
    let mut call = stream(server, session.id(), WAITS);
    let id = call.started();
    let mut follower = follow(server, &id);
    follower.until_line();
    let last_id = follower.last_id().to_owned();
    drop(follower);
    // While it runs there is nothing new, and then there is.
    let again = LiveEvents::following(server.http(), &id, Some(&last_id));
    session.put("files/go", "").expect(201);
    assert_eq!(in_words(&again.rest().0), ["stdout: went\n"]);
    call.rest();
    // When it has ended the history knows what comes after.
    let late = LiveEvents::following(server.http(), &id, Some(&last_id));
    assert_eq!(in_words(&late.rest().0), ["stdout: went\n"]);
    // An id of somebody else's says nothing.
    let other = LiveEvents::following(server.http(), &id, Some("7"));
    assert_eq!(in_words(&other.rest().0)[0], "started");
}

#[test]
fn every_id_is_a_place_to_go_on_from() {
    let server = Server::shared();
    let code = "import sys\nprint('one', flush=True)\nprint('two', file=sys.stderr)\n42";
    let id = server.run(code).execution_id().to_owned();
    let whole = follow(server, &id).rest().0;
    let mut events = follow(server, &id);
    for told in 1..=whole.len() {
        events.next();
        let rest = LiveEvents::following(server.http(), &id, Some(events.last_id()));
        assert_eq!(rest.rest().0, whole[told..]);
    }
}

#[test]
fn much_output_is_followed_whole_and_in_order() {
    let server = Server::shared();
    let session = server.session();
    let code = "import time\nfor number in range(1 << 16):\n    print(f'{number:07}')\n    if number % 8192 == 0: time.sleep(0.1)";
    let mut call = stream(server, session.id(), code);
    let follower = follow(server, &call.started());
    let (told, finished) = follower.rest();
    let text = |event: &LiveEvent| match event {
        LiveEvent::Stdout { text } => text.clone(),
        _ => String::new(),
    };
    let stdout: String = told.iter().map(text).collect();
    let expected: String = (0..1 << 16)
        .map(|number| format!("{number:07}\n"))
        .collect();
    assert!(stdout == expected, "{} bytes came", stdout.len());
    assert!(finished.data.stdout == expected);
    call.rest();
}

#[test]
fn what_it_has_written_so_far_is_in_the_history_while_it_runs() {
    let server = Server::shared();
    let session = server.session();
    let mut call = stream(server, session.id(), WAITS);
    let id = call.started();
    let path = format!("/api/executions/{id}");
    let (execution, _) = until("what it wrote", || {
        let execution: Execution = server.http().get(&path).expect(200).json();
        (execution.attempt_list[0].stdout == "waiting\n").then_some(execution)
    });
    assert_eq!(execution.summary.status, Status::Running);
    session.put("files/go", "").expect(201);
    call.rest();
}

#[test]
fn one_that_is_cancelled_ends_for_who_follows() {
    let server = Server::shared();
    let session = server.session();
    let mut call = stream(
        server,
        session.id(),
        "print('partial', flush=True)\nwhile True: pass",
    );
    let mut follower = follow(server, &call.started());
    follower.until_line();
    drop(call);
    let (told, finished) = follower.rest();
    assert_eq!(told, []);
    assert_eq!(finished.metadata.status, Some(Status::Cancelled));
    assert_eq!(finished.error.as_deref(), Some("the caller hung up"));
}

#[test]
fn there_is_nothing_to_follow_of_what_is_unknown() {
    let http = Server::shared().http();
    http.get("/api/executions/0123456789abcdef/events")
        .refused(404, "not_found");
    http.get("/api/executions/X/events")
        .refused(400, "bad_request");
}
