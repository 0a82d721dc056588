//! What spans say of a call that does not end well.

use super::{RUN, SERVED, TOOL};
use crate::harness::{Collector, PYTHON_CODER};

#[test]
fn a_program_that_fails_says_how_and_not_why() {
    let collector = Collector::start();
    let server = collector.server();
    server
        .run("1 / 0")
        .raises("ZeroDivisionError: division by zero");
    let trace = collector.wait(5);
    for name in [TOOL, RUN, "run"] {
        let span = trace.one(name);
        assert_eq!(span.attribute("error.type"), "exception", "{trace}");
        assert_eq!(span.error.as_deref(), Some("exception"), "{trace}");
    }
    assert_eq!(trace.one(TOOL).attribute("vivarium.status"), "failed");
    assert_eq!(trace.one("run").attribute("process.exit.code"), "1");
    // It did what it was asked.
    assert_eq!(trace.one(SERVED).error, None);
}

#[test]
fn a_program_that_takes_too_long_says_so() {
    let collector = Collector::start();
    let server = collector.server();
    server.tool("while True: pass").timeout(0.5).send();
    let trace = collector.wait(5);
    for name in [TOOL, RUN, "run"] {
        assert_eq!(
            trace.one(name).attribute("error.type"),
            "timeout",
            "{trace}"
        );
    }
    let run = trace.one("run");
    assert!(run.end - run.start >= 400_000_000, "{trace}");
}

#[test]
fn a_caller_who_hangs_up_leaves_a_trace() {
    let collector = Collector::start();
    let server = collector.server();
    let body = r#"{"code":"while True: pass"}"#;
    let request = format!(
        "POST {PYTHON_CODER} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = server.process().send_raw(&request);
    // The answer has begun, and so has the program.
    std::io::Read::read_exact(&mut stream, &mut [0; 200]).unwrap();
    drop(stream);
    let trace = collector.wait(5);
    for name in [TOOL, RUN, "run"] {
        assert_eq!(
            trace.one(name).attribute("error.type"),
            "cancelled",
            "{trace}"
        );
    }
    assert_eq!(trace.one(TOOL).attribute("vivarium.status"), "cancelled");
    trace.is_under(trace.one(RUN), trace.one(TOOL));
}

#[test]
fn a_python_service_that_is_not_there_is_named() {
    let collector = Collector::start();
    let setup = crate::harness::Server::with().variable("python_url", "http://127.0.0.1:9");
    let server = collector.watching(setup).start();
    server.tool("print(1)").reply().expect(502);
    let trace = collector.wait(2);
    assert_eq!(trace.one(RUN).attribute("error.type"), "unreachable");
    assert_eq!(trace.one(RUN).attribute("server.port"), "9");
    let tool = trace.one(TOOL);
    assert_eq!(tool.attribute("error.type"), "python_unavailable");
    assert_eq!(tool.attribute("vivarium.status"), "refused");
}
