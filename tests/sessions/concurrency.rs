//! Two calls in one session at the same time share the workspace as two processes would.

use api::history::{ExecutionSummary, Page, Status};

use crate::harness::Server;

#[test]
fn two_calls_at_once_are_both_run_and_both_recorded() {
    let server = Server::shared();
    let session = server.session();
    // Each waits for the other's file: neither can end unless both run at the same time.
    let program = |mine: &str, other: &str| {
        format!(
            "import os, time\nopen('{mine}', 'w')\nwhile not os.path.exists('{other}'): time.sleep(0.01)\nprint('{mine} saw {other}')"
        )
    };
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(|| session.run(&program("one", "two")));
        let two = scope.spawn(|| session.run(&program("two", "one")));
        (one.join().unwrap(), two.join().unwrap())
    });
    let (one, two) = (one.prints("one saw two\n"), two.prints("two saw one\n"));
    assert_ne!(one.execution_id(), two.execution_id());
    let page: Page<ExecutionSummary> = server
        .http()
        .get(&format!("/api/sessions/{}/executions", session.id()))
        .expect(200)
        .json();
    assert_eq!(page.items.len(), 2);
    assert!(
        page.items
            .iter()
            .all(|execution| execution.status == Status::Succeeded),
        "{page:?}"
    );
}

#[test]
fn many_calls_at_once_are_all_answered_with_their_own_output() {
    let server = Server::shared();
    std::thread::scope(|scope| {
        for number in 0..32 {
            scope.spawn(move || {
                let session = server.session_called(&format!("many-{}", number % 4));
                session
                    .run(&format!("print({number} ** 2)"))
                    .prints(&format!("{}\n", number * number));
            });
        }
    });
    for number in 0..4 {
        let page: Page<ExecutionSummary> = server
            .http()
            .get(&format!("/api/sessions/many-{number}/executions"))
            .expect(200)
            .json();
        assert_eq!(page.items.len(), 8);
    }
}
