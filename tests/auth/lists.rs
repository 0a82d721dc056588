//! Nothing of another's is in any list, log, figure or event; and nothing says what sessions are kept as.

use std::fs::read_to_string;

use api::history::{ExecutionSummary, Page, PromptLogEntry, Session};
use api::overview::Overview;

use super::{ONE, TWO, UNNAMED, call, two_tenants};
use crate::harness::{Http, LiveEvents, Server};

/// What is in one's code, its output, its error and its session's id.
const MARK: &str = "mark-of-one";

/// Every route that gives more than one thing, or none.
const LISTS: [&str; 13] = [
    "/api/sessions",
    "/api/sessions?q=mark",
    "/api/sessions?session_id=mark-of-one",
    "/api/executions",
    "/api/executions?q=mark",
    "/api/executions?q=~",
    "/api/executions?status=failed",
    "/api/logs/prompts",
    "/api/logs/prompts?q=mark-of",
    "/api/logs/prompts.log",
    "/api/overview",
    "/api/events?cursor=0",
    "/api/config",
];

/// A server with something of one's.
fn marked() -> (Server, Http) {
    let server = two_tenants();
    let one = server.http().bearer(ONE);
    let code = format!("print('{MARK}')\nraise ValueError('{MARK}')");
    call(&one, MARK, &code).send();
    let put = format!("/api/sessions/{MARK}-files/files/{MARK}.txt");
    one.put(&put, MARK).expect(201);
    (server, one)
}

#[test]
fn no_list_has_anything_of_anothers() {
    let (server, one) = marked();
    for token in [TWO, UNNAMED] {
        let http = server.http().bearer(token);
        call(&http, "own", "print('own')").send();
        for path in LISTS {
            let reply = http.get(path).expect(200);
            assert!(!reply.text().contains(MARK), "\n{reply}");
        }
    }
    // The control.
    for path in LISTS.iter().filter(|path| !path.contains('~')) {
        let reply = one.get(path).expect(200);
        let has = reply.text().contains(MARK) || *path == "/api/config";
        assert!(has, "\n{reply}");
    }
}

#[test]
fn nobody_is_told_what_a_session_is_kept_as() {
    let (_server, one) = marked();
    for path in LISTS {
        let reply = one.get(path).expect(200);
        assert!(!reply.text().contains("one~"), "\n{reply}");
    }
    let found: Page<ExecutionSummary> = one.get("/api/executions?q=one~").expect(200).json();
    assert_eq!(found.items, [], "a search looks at what is not shown");
    let live = serde_json::json!({ "code": "print('hi')", "session_id": "live" });
    let events = LiveEvents::of_call(&one, &live).rest();
    let text = serde_json::to_string(&events).unwrap();
    assert!(text.contains("\"live\"") && !text.contains('~'), "{text}");
    let missing = one
        .get("/api/sessions/nowhere/files")
        .refused(404, "not_found");
    assert!(!missing.text().contains('~'), "\n{missing}");
}

#[test]
fn a_tenant_is_told_its_own_name() {
    let server = two_tenants();
    let tenant = |token: &str| {
        let config = server.http().bearer(token).get("/api/config").expect(200);
        config.json::<serde_json::Value>()["tenant"].clone()
    };
    assert_eq!(tenant(ONE), "one");
    assert_eq!(tenant(UNNAMED), serde_json::Value::Null);
}

#[test]
fn the_operators_log_has_everybodys_and_says_whose() {
    let server = two_tenants();
    let names = ["one", "two", "nobody"];
    for (name, token) in names.into_iter().zip([ONE, TWO, UNNAMED]) {
        let http = server.http().bearer(token);
        call(&http, "same", &format!("print('of {name}')")).send();
        let own = http.get("/api/logs/prompts.log").expect(200);
        assert!(own.text().contains(&format!("of {name}")), "\n{own}");
        assert!(own.text().contains("Session ID: same\n"), "\n{own}");
        for other in names.into_iter().filter(|other| *other != name) {
            assert!(!own.text().contains(&format!("of {other}")), "\n{own}");
        }
    }
    let log = read_to_string(server.data_file("logs/prompts.log")).unwrap();
    for session in ["one~same", "two~same", "same"] {
        let lines = format!("Session ID: {session}\nWorkspace: data/scratch/{session}\n");
        assert_eq!(log.matches(&lines).count(), 1, "{log}");
    }
}

#[test]
fn figures_are_of_ones_own() {
    let (server, one) = marked();
    let two = server.http().bearer(TWO);
    call(&two, "own", "print('hi')").send();
    let of = |http: &Http| -> Overview { http.get("/api/overview").expect(200).json() };
    let (ones, twos) = (of(&one), of(&two));
    assert_eq!(
        (ones.total.failed, ones.total.succeeded, ones.sessions),
        (1, 0, 1)
    );
    assert_eq!(
        (twos.total.failed, twos.total.succeeded, twos.sessions),
        (0, 1, 1)
    );
    assert_eq!(twos.latest_failures, []);
    assert_eq!(of(&server.http().bearer(UNNAMED)).total.all(), 0);
}

#[test]
fn a_cursor_of_anothers_leads_nowhere() {
    let server = two_tenants();
    let (one, two) = (server.http().bearer(ONE), server.http().bearer(TWO));
    for http in [&two, &one, &two, &one] {
        for session in ["a", "b"] {
            call(http, session, "print('hi')").send();
        }
    }
    let ids = |http: &Http, path: &str| -> Vec<String> {
        let page: Page<ExecutionSummary> = http.get(path).expect(200).json();
        page.items
            .into_iter()
            .map(|item| item.execution_id)
            .collect()
    };
    let own = ids(&two, "/api/executions");
    assert_eq!(own.len(), 4);
    for (list, limit) in [
        ("executions", 1),
        ("executions", 3),
        ("logs/prompts", 2),
        ("sessions", 1),
    ] {
        let page: serde_json::Value = one
            .get(&format!("/api/{list}?limit={limit}"))
            .expect(200)
            .json();
        let cursor = page["next_cursor"].as_str().unwrap();
        let path = format!("/api/{list}?cursor={cursor}");
        match list {
            "executions" => {
                let seen = ids(&two, &path);
                assert!(seen.iter().all(|id| own.contains(id)), "{seen:?}");
            }
            "sessions" => {
                let page: Page<Session> = two.get(&path).expect(200).json();
                assert!(page.items.len() <= 2, "{page:?}");
            }
            _ => {
                let page: Page<PromptLogEntry> = two.get(&path).expect(200).json();
                assert!(
                    page.items
                        .iter()
                        .all(|item| own.contains(&item.execution_id))
                );
            }
        }
    }
}
