//! `kill -9` in mid-run loses no more than the last moment of output.

use api::history::{Execution, Status};

use super::{follow, stream};
use crate::harness::{Server, in_words};

#[test]
fn what_was_told_before_the_system_went_down_is_kept() {
    let server = Server::with().start();
    let code = "print('kept', flush=True)\ndisplay(42)\nwhile True: pass";
    let mut call = stream(&server, "survivor", code);
    let id = call.started();
    // Whoever follows it has it from the database.
    let mut follower = follow(&server, &id);
    let attempt = format!("attempt 1: {code}");
    let words = ["started", &attempt, "stdout: kept\n", "result: 42"];
    let mut told = follower.until_line();
    told.extend(follower.next());
    assert_eq!(in_words(&told), words);
    let data = server.kill();
    drop((call, follower));

    let server = Server::with().start_in(data);
    let path = format!("/api/executions/{id}");
    let execution: Execution = server.http().get(&path).expect(200).json();
    assert_eq!(execution.summary.status, Status::Interrupted);
    let attempt = &execution.attempt_list[0];
    assert_eq!((attempt.stdout.as_str(), attempt.outcome), ("kept\n", None));
    assert_eq!(attempt.results[0]["text/plain"], "42");
    let (told, finished) = follow(&server, &id).rest();
    assert_eq!(in_words(&told), words);
    assert_eq!(finished.data.stdout, "kept\n");
    assert_eq!(finished.metadata.status, Some(Status::Interrupted));
    assert!(!finished.success);
}
