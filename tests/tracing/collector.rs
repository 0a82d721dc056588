//! A collector that is slow, down, or not there: a call knows nothing of it.

use std::time::{Duration, Instant};

use super::{PARENT, call_within};
use crate::harness::{Collector, ModelServer, Say, Server, until, vivarium};

/// A print takes some milliseconds, and these machines are shared.
const AS_EVER: Duration = Duration::from_secs(2);

#[test]
fn a_slow_collector_delays_nothing() {
    let collector = Collector::slow(Duration::from_secs(30));
    let server = collector.server();
    // More than an instance of the function takes at a time.
    for _ in 0..20 {
        let began = Instant::now();
        server.still_answers();
        assert!(began.elapsed() < AS_EVER, "{:?}", began.elapsed());
    }
}

#[test]
fn a_collector_that_is_down_is_complained_of_once() {
    let server = Server::with()
        .environment("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
        .environment("OTEL_BSP_SCHEDULE_DELAY", "50")
        .start();
    let complaint = "traces can't be sent to http://127.0.0.1:9: connection refused";
    let read = |log| std::fs::read_to_string(server.data_file(log)).unwrap_or_default();
    let log = || read("logs/function.log");
    until("a complaint", || {
        server.still_answers();
        log().contains(complaint).then_some(())
    });
    for _ in 0..10 {
        server.still_answers();
    }
    assert_eq!(log().matches(complaint).count(), 1, "{}", log());
    let complaint = "the python service's traces can't be sent";
    until("the other complaint", || {
        read("logs/python.log").contains(complaint).then_some(())
    });
}

#[test]
fn without_a_collector_nobody_is_told_of_a_trace() {
    let model = ModelServer::replying([Say::done("print('hi')")]);
    let server = Server::asking(&model).start();
    call_within(server.http(), PARENT, "print the word hi for me");
    assert_eq!(model.request().header("traceparent"), "");
}

#[test]
fn a_collector_that_may_not_be_reached_is_refused_at_the_start() {
    let far = "otel_exporter_otlp_endpoint=https://collector.example.com";
    let data = tempfile::TempDir::new().unwrap();
    let data = data.path().to_str().unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", data];
    let ended = vivarium(&[&serve[..], &["--variable", far]].concat(), "").expect(1);
    let why = "'https://collector.example.com'. Must be on this machine or a private network";
    let complaint = format!("Invalid OTEL_EXPORTER_OTLP_ENDPOINT: {why}");
    assert!(ended.stderr.contains(&complaint), "{ended}");
}
