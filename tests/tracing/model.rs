//! openinterpreter mode: questions to a model, and several attempts.

use super::{RUN, TOOL};
use crate::harness::{Collector, MODEL, ModelServer, Say, Server};

const CHAT: &str = "chat test-model";

#[test]
fn each_question_and_each_run_has_its_span() {
    assert_eq!(CHAT, format!("chat {MODEL}"));
    let collector = Collector::start();
    let model = ModelServer::replying([
        Say::done("print(nothing)").tokens(11, 7),
        Say::done("print('hi')").tokens(23, 5),
    ]);
    let server = collector.watching(Server::asking(&model)).start();
    server.run("print the word hi for me").succeeded();
    // The instruction is tried as Python first. Each run has four spans.
    let trace = collector.wait(1 + 2 + 3 * 4);
    let tool = trace.one(TOOL);
    let (chats, runs) = (trace.all(CHAT), trace.all(RUN));
    for span in chats.iter().chain(&runs) {
        trace.is_under(span, tool);
    }
    let said = |name| {
        let all = chats.iter().map(|chat| chat.attribute(name));
        all.collect::<Vec<_>>()
    };
    assert_eq!(said("gen_ai.operation.name"), ["chat", "chat"]);
    assert_eq!(said("gen_ai.provider.name"), ["openai", "openai"]);
    assert_eq!(said("gen_ai.request.model"), [MODEL, MODEL]);
    assert_eq!(said("gen_ai.response.finish_reasons"), ["stop", "stop"]);
    assert_eq!(said("gen_ai.usage.input_tokens"), ["11", "23"]);
    assert_eq!(said("gen_ai.usage.output_tokens"), ["7", "5"]);
    assert_eq!(said("server.address"), ["127.0.0.1", "127.0.0.1"]);
    assert_eq!(said("vivarium.attempt"), ["1", "2"]);
    let attempts: Vec<_> = runs
        .iter()
        .map(|run| run.attribute("vivarium.attempt"))
        .collect();
    assert_eq!(attempts, ["1", "1", "2"], "{trace}");
    assert_eq!(tool.attribute("vivarium.attempts"), "2");
    assert_eq!(tool.attribute("vivarium.mode"), "openinterpreter");
    assert_eq!((tool.error.as_ref(), runs[2].error.as_ref()), (None, None));
    assert_eq!(runs[1].attribute("error.type"), "exception");
    // The model server could go on with it.
    let heard = model.requests();
    let heard: Vec<_> = heard
        .iter()
        .map(|asked| asked.header("traceparent"))
        .collect();
    let expected = chats
        .iter()
        .map(|chat| format!("00-{}-{}-01", chat.trace_id, chat.id));
    assert_eq!(heard, expected.collect::<Vec<_>>());
}

#[test]
fn a_model_server_that_refuses_is_told_apart() {
    let collector = Collector::start();
    let model = ModelServer::replying([Say::refusal(401, "who are you?")]);
    let server = collector.watching(Server::asking(&model)).start();
    server.tool("print the word hi for me").reply().expect(502);
    let trace = collector.wait(1 + 1 + 4);
    assert_eq!(trace.one(CHAT).attribute("error.type"), "unauthorized");
    assert_eq!(trace.one(CHAT).error.as_deref(), Some("unauthorized"));
    let tool = trace.one(TOOL);
    assert_eq!(tool.attribute("error.type"), "model_unavailable", "{trace}");
}
