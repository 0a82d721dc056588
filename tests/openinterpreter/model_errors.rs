//! A model server that can't be asked: the URL and what to do about it are told, it is not asked as if it were
//! code that failed, and nothing runs in its place.

use api::error::ErrorCode;
use api::tool::ToolResponse;
use insta::assert_snapshot;

use super::{INSTRUCTION, ends_well, in_attempts, scripted};
use crate::harness::{ModelServer, Reply, Say, Server, ToolReply, redacted};

/// Nothing has listened there since the service of that port went out of use.
const NOBODY: &str = "http://127.0.0.1:9/v1";

/// Asserts that the call failed since the model could not be asked, with this URL and a hint, and that nothing ran.
#[track_caller]
fn unavailable(reply: Reply, url: &str) -> ToolResponse {
    let reply = reply.expect(502);
    let response: ToolResponse = reply.json();
    assert_eq!(
        response.metadata.code,
        Some(ErrorCode::ModelUnavailable),
        "\n{reply}"
    );
    let error = response.error.as_deref().unwrap_or_default();
    assert!(
        !response.success && error.contains(url),
        "it does not name {url}\n{reply}"
    );
    assert!(
        response.answer.contains("Hint: "),
        "it does not say what to do\n{reply}"
    );
    assert!(response.answer.contains(error), "\n{reply}");
    let scripts = response
        .data
        .files
        .keys()
        .filter(|path| path.starts_with("script_"));
    assert_eq!(
        (&*response.data.stdout, response.data.files.len()),
        ("", scripts.count()),
        "something ran\n{reply}"
    );
    response
}

/// Names failures, and makes a test of each: it is told as the snapshot has it, and asked once.
macro_rules! failures {
    ($($name:ident: $say:expr;)*) => {
        $(
            #[test]
            fn $name() {
                let (model, server) = scripted([$say, Say::done("open('ran', 'w')")]);
                let response = unavailable(server.tool(INSTRUCTION).reply(), &model.url());
                model.was_asked(1);
                redacted(|| assert_snapshot!(response.answer));
                ends_well(server.run(INSTRUCTION), 1, "");
            }
        )*
    };
}

failures! {
    a_wrong_key: Say::refusal(401, "Incorrect API key provided");
    a_forbidden_model: Say::refusal(403, "You have no access to this model");
    an_unknown_model_is_told_with_those_that_are_there: Say::refusal(404, "model 'test-model' not found");
    a_wrong_path: Say::raw(404, "text/plain", "404 page not found");
    too_many_requests: Say::refusal(429, "Rate limit reached");
    a_context_that_is_too_long: Say::refusal(400, "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens.");
    another_refused_request: Say::refusal(400, "`messages` must alternate between user and assistant");
    a_server_error: Say::refusal(500, "CUDA out of memory");
    an_error_page: Say::raw(502, "text/html", "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>");
    html_instead_of_json: Say::raw(200, "text/html", "<!DOCTYPE html><html><body>It works!</body></html>");
    no_json: Say::raw(200, "application/json", "{\"choices\": [");
    json_of_something_else: Say::raw(200, "application/json", "[1, 2, 3]");
    no_choices: Say::raw(200, "application/json", "{\"object\": \"chat.completion\"}");
    empty_choices: Say::raw(200, "application/json", "{\"choices\": []}");
    an_error_with_the_status_200: Say::raw(200, "application/json", "{\"error\": {\"message\": \"model is loading\"}}");
    an_empty_body: Say::raw(200, "application/json", "");
    an_empty_stream: Say::raw(200, "text/event-stream", "");
    a_stream_that_is_no_json: Say::raw(200, "text/event-stream", "data: hello\n\ndata: [DONE]\n\n");
    a_stream_with_an_error: Say::raw(200, "text/event-stream", "data: {\"error\": {\"message\": \"the model crashed\"}}\n\n");
    a_stream_that_breaks_off: Say::done("open('ran', 'w')\nprint('it ran')").breaks_off();
    a_body_that_breaks_off: Say::done("open('ran', 'w')\nprint('it ran')").whole().breaks_off();
}

#[test]
fn nothing_listens() {
    let server = Server::with()
        .variable("python_executor_mode", "openinterpreter")
        .variable("llm_url", NOBODY)
        .start();
    let response = unavailable(server.tool(INSTRUCTION).reply(), NOBODY);
    assert_snapshot!(response.answer);
    // The control: what needs no model needs no model server.
    server.still_answers();
}

#[test]
fn an_unknown_model_names_the_models_of_the_server() {
    let (_model, server) = scripted([Say::refusal(404, "model 'test-model' not found")]);
    let reply = server.tool(INSTRUCTION).reply().expect(502);
    for told in ["python_coder_model", "test-model", "other"] {
        assert!(
            reply.json::<ToolResponse>().answer.contains(told),
            "no {told}\n{reply}"
        );
    }
}

/// There is no fallback: valid Python does not run either where the model was to write it.
#[test]
fn nothing_runs_in_place_of_what_the_model_was_to_write() {
    let server = Server::with()
        .variable("python_executor_mode", "openinterpreter")
        .variable("python_coder_retry_strategy", "model")
        .variable("llm_url", NOBODY)
        .start();
    let session = server.session();
    unavailable(session.tool("open('ran', 'w')").reply(), NOBODY);
    session.get("files/ran").expect(404);
}

#[test]
fn after_code_has_run_both_errors_are_told() {
    let (model, server) = scripted([Say::refusal(401, "Incorrect API key provided")]);
    let reply = server.run("print('before')\nmissing");
    let error = reply.error.as_deref().unwrap_or_default();
    let both = "Failed after 1 attempt: NameError: name 'missing' is not defined; the model could not be asked: ";
    assert!(!reply.success && error.starts_with(both), "\n{reply}");
    assert!(
        error.contains(&model.url()) && error.contains("401"),
        "\n{reply}"
    );
    assert_eq!(reply.data.stdout, "before\n", "\n{reply}");
    assert!(
        reply
            .data
            .stderr
            .contains("NameError: name 'missing' is not defined"),
        "\n{reply}"
    );
    in_attempts(&reply, 1);
    model.was_asked(1);
}

#[test]
fn after_two_attempts_both_count() {
    let (model, server) = scripted([Say::done("second"), Say::text("third").breaks_off()]);
    let reply = server.run("first");
    let error = reply.error.as_deref().unwrap_or_default();
    let both = "Failed after 2 attempts: NameError: name 'second' is not defined; the model could not be asked: ";
    assert!(!reply.success && error.starts_with(both), "\n{reply}");
    in_attempts(&reply, 2);
    model.was_asked(2);
}

#[test]
fn where_nothing_listens_after_code_has_run_both_errors_are_told() {
    let server = Server::with()
        .variable("python_executor_mode", "openinterpreter")
        .variable("llm_url", NOBODY)
        .start();
    let reply = server.run("missing");
    redacted(|| assert_snapshot!(reply.answer));
    assert!(
        reply
            .error
            .as_deref()
            .is_some_and(|error| error.contains(NOBODY)),
        "\n{reply}"
    );
}

/// The control: the same server, a moment later.
#[test]
fn a_failure_of_the_model_server_is_gone_with_it() {
    let model = ModelServer::replying([Say::refusal(503, "loading"), Say::done("print('hi')")]);
    let server = Server::asking(&model).start();
    unavailable(server.tool(INSTRUCTION).reply(), &model.url());
    let reply = ToolReply::of(server.tool(INSTRUCTION).reply().expect(200));
    ends_well(reply, 1, "hi\n");
}
