//! A call that runs well.

use serde_json::json;

use super::{PARENT, RUN, SERVED, TOOL, call_within};
use crate::harness::{Collector, PYTHON_CODER, PythonService, Server};

#[test]
fn a_call_is_one_trace_from_the_tool_to_the_sandbox() {
    let collector = Collector::start();
    let server = collector.server();
    let reply = server.tool("print(6 * 7)").session("s1").send();
    let reply = reply.prints("42\n");
    let trace = collector.wait(5);
    let [tool, run, served] = [TOOL, RUN, SERVED].map(|name| trace.one(name));
    let [queue, ran] = ["queue", "run"].map(|name| trace.one(name));
    assert_eq!((tool.parent_id.as_str(), tool.error.as_ref()), ("", None));
    trace.is_under(run, tool);
    trace.is_under(served, run);
    trace.is_under(queue, served);
    trace.is_under(ran, served);
    assert!(queue.end <= ran.start, "{trace}");
    let services = [tool, run, served, queue, ran].map(|span| span.service.as_str());
    let (ours, pythons) = ("vivarium", "vivarium-python");
    assert_eq!(services, [ours, ours, pythons, pythons, pythons]);
    assert_eq!([tool, run, served, ran].map(|span| span.kind), [1, 3, 2, 1]);

    let id = reply.metadata.execution_id.as_deref().unwrap();
    for (name, value) in [
        ("gen_ai.operation.name", "execute_tool"),
        ("gen_ai.tool.name", "python_coder"),
        ("gen_ai.tool.call.id", id),
        ("gen_ai.conversation.id", "s1"),
        ("vivarium.mode", "native"),
        ("vivarium.outcome", "ok"),
        ("vivarium.status", "succeeded"),
        ("error.type", ""),
    ] {
        assert_eq!(tool.attribute(name), value, "{name}\n{trace}");
    }
    assert_eq!(run.attribute("server.address"), "python.spin.internal");
    assert_eq!(run.attribute("vivarium.attempt"), "1");
    assert_eq!(served.attribute("http.response.status_code"), "200");
    assert_eq!(served.attribute("http.route"), "/v1/sessions/{session}/run");
    assert_eq!(ran.attribute("vivarium.outcome"), "ok");
    assert_eq!(ran.attribute("process.exit.code"), "0");
    let peak: u64 = ran.attribute("vivarium.peak_memory_bytes").parse().unwrap();
    assert_eq!(Some(peak), reply.metadata.peak_memory_bytes);
}

#[test]
fn whoever_calls_has_his_trace_continued_unless_he_keeps_none() {
    let collector = Collector::start();
    let server = collector.server();
    // Nothing is to come of this one.
    call_within(server.http(), &PARENT.replace("-01", "-00"), "print(1)");
    call_within(server.http(), PARENT, "print(2)");
    let trace = collector.wait(5);
    let tool = trace.one(TOOL);
    assert_eq!(tool.trace_id, "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(tool.parent_id, "b7ad6b7169203331");
    assert!(trace.0.iter().all(|span| span.trace_id == tool.trace_id));
}

#[test]
fn what_is_no_traceparent_begins_a_trace() {
    let collector = Collector::start();
    let server = collector.server();
    let none = "00-00000000000000000000000000000000-0000000000000000-01";
    let long = "0".repeat(4000);
    let bad = ["00-1-1-01", none, "x", &long];
    for value in bad {
        call_within(server.http(), value, "print(1)");
    }
    let trace = collector.wait(5 * bad.len());
    for tool in trace.all(TOOL) {
        assert_eq!(tool.parent_id, "", "{trace}");
        assert!(tool.trace_id.trim_matches('0').len() > 1, "{trace}");
    }
}

#[test]
fn every_way_to_call_has_its_trace() {
    let collector = Collector::start();
    let server = collector.server();
    let http = server.http();
    let parented = [("traceparent", PARENT), ("accept", "text/event-stream")];
    let call = json!({ "code": "print(1)" }).to_string();
    http.send("POST", PYTHON_CODER, &parented, call.as_bytes())
        .expect(200);
    let path = format!("{PYTHON_CODER}?background=true");
    http.send("POST", &path, &parented[..1], call.as_bytes())
        .expect(202);
    http.send("POST", "/execute", &parented[..1], call.as_bytes())
        .expect(200);
    let params = json!({ "name": "python_coder", "arguments": { "code": "print(1)" } });
    let mcp = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    http.send("POST", "/mcp", &parented, mcp.to_string().as_bytes())
        .expect(200);
    let trace = collector.wait(4 * 5);
    assert_eq!(trace.all(TOOL).len(), 4, "{trace}");
    for tool in trace.all(TOOL) {
        assert_eq!(tool.parent_id, "b7ad6b7169203331", "{trace}");
    }
}

#[test]
fn a_python_service_elsewhere_has_its_part_in_it() {
    let collector = Collector::start();
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
        ("OTEL_SERVICE_NAME", "workers".to_owned()),
    ];
    let environment = environment
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let python = PythonService::start_in(&environment, &[]);
    let server = collector
        .watching(Server::with().variable("python_url", python.url()))
        .start();
    server.run("print(1)").prints("1\n");
    // What it has is sent before it ends.
    assert!(python.terminate(|| {}).success());
    let trace = collector.wait(5);
    trace.is_under(trace.one(SERVED), trace.one(RUN));
    assert_eq!(trace.one("run").service, "workers");
}

#[test]
fn nothing_of_a_program_is_in_a_trace() {
    let collector = Collector::start();
    let setup = Server::with()
        .variable("api_token", "a-token-that-is-secret")
        .environment("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a%20key");
    let server = collector.watching(setup).start();
    let http = server.http().bearer("a-token-that-is-secret");
    let code =
        "print('what it' + ' printed'); open('afile.txt', 'w'); raise KeyError('what it raised')";
    call_within(&http, PARENT, code);
    let trace = collector.wait(5);
    let bytes = collector.bytes();
    let sent = String::from_utf8_lossy(&bytes);
    for secret in ["what it", "KeyError", "afile", "secret", "a key", "print("] {
        assert!(!sent.contains(secret), "{secret}\n{trace}");
    }
    // Both senders have them.
    let keys = collector.headers();
    let keys: Vec<_> = keys.iter().filter(|(name, _)| name == "x-key").collect();
    assert!(
        keys.len() >= 2 && keys.iter().all(|(_, value)| value == "a key"),
        "{keys:?}"
    );
}
