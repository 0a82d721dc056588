//! Ten thousand sessions, and a session with ten thousand executions.

use std::collections::BTreeSet;

use api::history::{ExecutionSummary, Page, Session, Status};
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::harness::Server;
use crate::harness::history::{fill, fill_session};

const MANY: usize = 10_000;

/// Follows the cursors from the first page to the last; gives the ids as they came.
fn all<T: DeserializeOwned>(server: &Server, path: &str, id: impl Fn(T) -> String) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("{path}&limit=200{cursor}");
        let page: Page<T> = server.http().get(&path).expect(200).json();
        ids.extend(page.items.into_iter().map(&id));
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

fn session_id(session: Session) -> String {
    session.session_id
}

fn execution_id(execution: ExecutionSummary) -> String {
    execution.execution_id
}

/// Each once.
fn distinct(ids: &[String]) -> usize {
    ids.iter().collect::<BTreeSet<_>>().len()
}

#[test]
fn none_of_many_is_lost_and_none_comes_twice() {
    let data = TempDir::new().unwrap();
    fill(data.path(), MANY, 1);
    fill_session(data.path(), "long", MANY);
    let server = Server::with().start_in(data);

    let sessions = all(&server, "/api/sessions?", session_id);
    assert_eq!((sessions.len(), distinct(&sessions)), (MANY + 1, MANY + 1));
    assert!(sessions.contains(&"long".to_owned()));
    let newest_first = sessions.iter().filter(|id| *id != "long");
    assert!(newest_first.is_sorted_by(|newer, older| newer > older));

    let failed = all(&server, "/api/sessions?status=failed", session_id);
    assert_eq!((failed.len(), distinct(&failed)), (MANY / 10, MANY / 10));
    let found = all(&server, "/api/sessions?q=PROGRAM+1234%0A", session_id);
    assert_eq!(found, ["long", "filled-01234"]);

    let of_long = "/api/sessions/long/executions?";
    let executions = all(&server, of_long, execution_id);
    assert_eq!((executions.len(), distinct(&executions)), (MANY, MANY));
    assert!(executions.is_sorted_by(|newer, older| newer > older));
    let filtered = all(&server, "/api/executions?session_id=long", execution_id);
    assert_eq!(filtered, executions);
    let everything = all(&server, "/api/executions?", execution_id);
    assert_eq!(
        (everything.len(), distinct(&everything)),
        (2 * MANY, 2 * MANY)
    );

    let path = "/api/executions?status=failed&session_id=long&q=made+up";
    let page: Page<ExecutionSummary> = server.http().get(path).expect(200).json();
    assert!(page.items.iter().all(|item| item.status == Status::Failed));
    assert_eq!(page.items.len(), 50);
}
