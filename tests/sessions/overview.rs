//! How things went, in figures.

use api::history::Status;
use api::overview::{Counts, Overview};
use api::tool::{Mode, Tokens};
use jiff::{Timestamp, ToSpan as _};
use tempfile::TempDir;

use crate::harness::history::{Past, fill, record};
use crate::harness::{ModelServer, Say, Server};

fn overview(server: &Server, query: &str) -> Overview {
    let path = format!("/api/overview{query}");
    server.http().get(&path).expect(200).json()
}

#[test]
fn what_ended_is_counted_and_measured() {
    let data = TempDir::new().unwrap();
    let now = Timestamp::now();
    let ago = |minutes: i64| now - minutes.minutes();
    let mut past = vec![
        // Before the time that is asked for.
        Past::of("old", now - 30.hours(), "1").taking(100.0, 9),
        Past::of("b", ago(130), "1").standing(Status::Failed, "ValueError: x"),
        Past::of("b", ago(120), "1").standing(Status::Interrupted, "the system went down"),
        Past::of("b", ago(110), "1").standing(Status::Cancelled, "the caller hung up"),
        Past::of("c", ago(100), "say hi")
            .by(Mode::OpenInterpreter)
            .taking(8.0, 3),
    ];
    past.extend((1..=8).map(|n| Past::of("a", ago(90 - n), "1").taking(n as f64 / 8.0, 1)));
    let ids = record(data.path(), &past);
    let server = Server::with().start_in(data);

    let shown = overview(&server, "");
    assert_eq!(shown.bucket_seconds, 1800);
    assert_eq!(shown.buckets.len(), 48);
    let counts = Counts {
        succeeded: 9,
        failed: 2,
        other: 1,
    };
    assert_eq!(shown.total, counts, "{shown:?}");
    let sum: u64 = shown.buckets.iter().map(|bucket| bucket.counts.all()).sum();
    assert_eq!(sum, 12);
    for bucket in &shown.buckets {
        let end = bucket.start + 1800.seconds();
        let began = past
            .iter()
            .filter(|past| (bucket.start..end).contains(&past.began));
        assert_eq!(bucket.counts.all(), began.count() as u64, "{bucket:?}");
    }
    assert_eq!(shown.sessions, 3);
    assert_eq!(shown.success_rate, Some(9.0 / 11.0));
    // Of 0.01 s (the one that failed), eighths of a second, and 8 s; the interrupted one has no part.
    assert_eq!(shown.p50_seconds, Some(0.5));
    assert_eq!(shown.p95_seconds, Some(8.0));
    assert_eq!(shown.attempts_per_success, Some(11.0 / 9.0));
    let failures: Vec<_> = shown
        .latest_failures
        .iter()
        .map(|item| item.execution_id.as_str())
        .collect();
    assert_eq!(failures, [&ids[2], &ids[1]]);
    assert_eq!((shown.running, shown.awaiting_approval), (0, 0));
    assert_eq!(shown.tokens, Tokens::default());

    let week = overview(&server, "?hours=168");
    assert_eq!(week.total.all(), 13);
    assert_eq!(week.p95_seconds, Some(100.0));
}

#[test]
fn time_is_cut_into_buckets_without_gaps() {
    let server = Server::shared();
    for (hours, seconds, count) in [
        (1, 60, 60),
        (24, 1800, 48),
        (168, 7200, 84),
        (720, 43_200, 60),
        (8760, 604_800, 53),
    ] {
        let shown = overview(server, &format!("?hours={hours}"));
        assert_eq!(shown.bucket_seconds, seconds);
        assert_eq!(shown.buckets.len(), count, "{hours} hours");
        let mut next = shown.since;
        for bucket in &shown.buckets {
            assert_eq!(bucket.start, next);
            next += (seconds as i64).seconds();
        }
        assert_eq!(shown.until, next);
        assert!(shown.until > Timestamp::now());
    }
}

#[test]
fn nothing_has_no_figures() {
    let server = Server::with().start();
    let shown = overview(&server, "?hours=1");
    assert_eq!(shown.total, Counts::default());
    assert_eq!(shown.success_rate, None);
    assert_eq!((shown.p50_seconds, shown.p95_seconds), (None, None));
    assert_eq!(shown.attempts_per_success, None);
    assert_eq!(shown.latest_failures, []);
}

#[test]
fn what_goes_on_now_is_counted_and_what_models_cost() {
    let model = ModelServer::replying([Say::done("print('hi')"), Say::done("print('ho')")]);
    let server = Server::asking(&model)
        .variable("python_coder_openinterpreter_auto_run", "false")
        .start();
    let waits = server.run("print the word hi for me");
    let shown = overview(&server, "");
    assert_eq!((shown.running, shown.awaiting_approval), (0, 1));
    assert_eq!(shown.total.other, 1);
    assert_eq!(Some(shown.tokens), waits.metadata.tokens);
    assert!(shown.tokens.total > 0, "{shown:?}");
    let approve = format!("/api/executions/{}/approve", waits.execution_id());
    server
        .http()
        .post_json(&approve, &serde_json::json!({}))
        .expect(200);
    let shown = overview(&server, "");
    assert_eq!((shown.running, shown.awaiting_approval), (0, 0));
    assert_eq!(shown.total.succeeded, 1);
}

#[test]
fn at_most_ten_failures_are_shown() {
    let data = TempDir::new().unwrap();
    fill(data.path(), 60, 2);
    let server = Server::with().start_in(data);
    let shown = overview(&server, "?hours=1");
    assert_eq!((shown.total.succeeded, shown.total.failed), (108, 12));
    assert_eq!(shown.sessions, 60);
    let shown: Vec<_> = shown
        .latest_failures
        .iter()
        .map(|item| item.started_at)
        .collect();
    assert_eq!(shown.len(), 10);
    assert!(
        shown.is_sorted_by(|newer, older| newer > older),
        "{shown:?}"
    );
}

#[test]
fn hours_have_edges() {
    let http = Server::shared().http();
    for good in ["1", "8760", ""] {
        http.get(&format!("/api/overview?hours={good}")).expect(200);
    }
    for bad in ["0", "8761", "-1", "x", "1.5"] {
        http.get(&format!("/api/overview?hours={bad}"))
            .refused(400, "bad_request");
    }
}
