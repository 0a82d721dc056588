//! Lists are paged with cursors.

use api::history::{ExecutionSummary, Page, PromptLogEntry, Session};
use serde::de::DeserializeOwned;

use crate::harness::{Http, Server};

/// Follows the cursors from the first page to the last.
fn all<T: DeserializeOwned>(http: &Http, path: &str, limit: usize) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let reply = http
            .get(&format!("{path}?limit={limit}{cursor}"))
            .expect(200);
        let page: Page<T> = reply.json();
        assert!(page.items.len() <= limit, "\n{reply}");
        items.extend(page.items);
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

#[test]
fn pages_join_to_the_whole_list_without_gap_or_repetition() {
    let server = Server::with().start();
    for number in 0..7 {
        server
            .session_called("one")
            .run(&format!("# {number}"))
            .succeeded();
        server
            .session_called(&format!("s{number}"))
            .run("1")
            .succeeded();
    }
    for limit in [1, 3, 7, 100] {
        let executions: Vec<ExecutionSummary> =
            all(server.http(), "/api/sessions/one/executions", limit);
        let previews: Vec<_> = executions
            .iter()
            .map(|execution| execution.preview.as_str())
            .collect();
        assert_eq!(
            previews,
            ["# 6", "# 5", "# 4", "# 3", "# 2", "# 1", "# 0"],
            "limit {limit}"
        );
        let sessions: Vec<Session> = all(server.http(), "/api/sessions", limit);
        let ids: Vec<_> = sessions
            .iter()
            .map(|session| session.session_id.as_str())
            .collect();
        assert_eq!(
            ids,
            ["s6", "one", "s5", "s4", "s3", "s2", "s1", "s0"],
            "limit {limit}"
        );
        let log: Vec<PromptLogEntry> = all(server.http(), "/api/logs/prompts", limit);
        assert_eq!(log.len(), 14, "limit {limit}");
    }
}

#[test]
fn what_is_added_meanwhile_does_not_disturb_the_next_page() {
    let server = Server::with().start();
    let session = server.session_called("one");
    for number in 0..4 {
        session.run(&format!("# {number}")).succeeded();
    }
    let path = "/api/sessions/one/executions?limit=2";
    let first: Page<ExecutionSummary> = server.http().get(path).expect(200).json();
    session.run("# 4").succeeded();
    let next = format!("{path}&cursor={}", first.next_cursor.unwrap());
    let second: Page<ExecutionSummary> = server.http().get(&next).expect(200).json();
    let previews: Vec<_> = second
        .items
        .iter()
        .map(|execution| execution.preview.as_str())
        .collect();
    assert_eq!(previews, ["# 1", "# 0"]);
}

#[test]
fn a_bad_limit_or_cursor_is_refused() {
    let http = Server::shared().http();
    http.get("/api/sessions?limit=1").expect(200);
    for bad in [
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=1000000",
        "cursor=x",
        "cursor='",
        "cursor=%00",
    ] {
        http.get(&format!("/api/sessions?{bad}"))
            .refused(400, "bad_request");
    }
}
