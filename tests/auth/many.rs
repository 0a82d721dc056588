//! Ten thousand sessions of others do not slow a list of one's own.

use std::time::{Duration, Instant};

use api::history::{Page, Session};
use jiff::{Timestamp, ToSpan as _};
use tempfile::TempDir;

use super::{ONE, TWO, UNNAMED, with_tenants};
use crate::harness::history::{Past, record};
use crate::harness::{Http, Server};

const MANY: i64 = 10_000;

const LISTS: [&str; 9] = [
    "/api/sessions",
    "/api/sessions?status=failed",
    "/api/executions",
    "/api/executions?q=nothing",
    "/api/logs/prompts",
    "/api/logs/prompts.log",
    "/api/overview",
    "/api/events?cursor=1",
    "/api/sessions/own/executions",
];

/// The quickest of several, since others use the machine as well.
fn quickest(http: &Http, path: &str) -> Duration {
    let time = |_| {
        let start = Instant::now();
        http.get(path).expect(200);
        start.elapsed()
    };
    (0..20).map(time).min().unwrap()
}

#[test]
fn a_list_is_as_quick_as_if_one_were_alone() {
    let data = TempDir::new().unwrap();
    let now = Timestamp::now();
    // Those with one's own are the oldest: whoever looks at everybody's comes to them last.
    let own = ["own", "one~own"].map(|session| Past::of(session, now - 20.hours(), "1"));
    let others = (0..MANY).map(|number| {
        let began = now - (2 * (MANY - number)).seconds();
        Past::of(&format!("two~{number:05}"), began, "print('hi')")
    });
    let past: Vec<_> = own.into_iter().chain(others).collect();
    record(data.path(), &past);
    let server = with_tenants(Server::with()).start_in(data);
    for token in [ONE, UNNAMED] {
        let http = server.http().bearer(token);
        for path in LISTS {
            let took = quickest(&http, path);
            assert!(took < Duration::from_millis(50), "{path}: {took:?}");
        }
        let page: Page<Session> = http.get("/api/sessions").expect(200).json();
        let ids: Vec<_> = page.items.iter().map(|s| s.session_id.as_str()).collect();
        assert_eq!(ids, ["own"]);
    }
    let page: Page<Session> = server
        .http()
        .bearer(TWO)
        .get("/api/sessions")
        .expect(200)
        .json();
    assert_eq!(page.items.len(), 50);
    assert_eq!(page.items[0].session_id, "09999");
}
