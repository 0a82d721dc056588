//! Who writes the first attempt: the caller, where what it sent is Python, else the model.

use api::history::Role::{System, User};
use api::tool::{Mode, Tokens};

use super::{INSTRUCTION, ends_well, in_attempts, scripted, scripted_with};
use crate::harness::{MODEL, ModelServer, Say, Server};

#[test]
fn valid_code_that_ends_well_asks_nobody() {
    let (model, server) = scripted([]);
    let reply = server.run("print('hi')").prints("hi\n");
    in_attempts(&reply, 1);
    assert_eq!(
        reply.metadata.mode,
        Some(Mode::OpenInterpreter),
        "\n{reply}"
    );
    assert_eq!(reply.metadata.model.as_deref(), Some(MODEL), "\n{reply}");
    assert_eq!(reply.metadata.tokens, Some(Tokens::default()), "\n{reply}");
    model.was_asked(0);
}

#[test]
fn with_the_strategy_model_the_model_writes_every_attempt() {
    let strategy = [("python_coder_retry_strategy", "model")];
    let (model, server) = scripted_with(
        [Say::done("wrong"), Say::done("print('the model')")],
        &strategy,
    );
    let given = "open('given', 'w')";
    let reply = ends_well(server.run(given), 2, "the model\n");
    assert_eq!(reply.files(), [""; 0], "what was given ran\n{reply}");
    let requests = model.requests();
    assert_eq!(requests.len(), 2, "{requests:#?}");
    for asked in requests {
        assert!(asked.instruction().contains(given), "{asked:#?}");
    }
}

#[test]
fn an_instruction_in_plain_language_is_carried_out() {
    let code = "import math\nopen('result.txt', 'w').write(str(math.factorial(20)))";
    let (model, server) = scripted([Say::done(code)]);
    let session = server.session();
    let instruction = "compute the factorial of 20 and save it to result.txt";
    let reply = ends_well(session.run(instruction), 1, "");
    assert_eq!(reply.files(), ["result.txt"], "\n{reply}");
    assert!(reply.data.files["result.txt"].changed, "\n{reply}");
    assert_eq!(
        session.get("files/result.txt").expect(200).text(),
        "2432902008176640000"
    );
    assert!(model.request().instruction().contains(instruction));
}

#[test]
fn broken_python_is_what_the_model_is_asked_about_in_attempt_1() {
    let (model, server) = scripted([Say::done("print('hi')")]);
    ends_well(server.run("open('ran', 'w')\nprint('hi'"), 1, "hi\n");
    let instruction = model.request().instruction();
    for told in ["print('hi'", "SyntaxError: '(' was never closed"] {
        assert!(instruction.contains(told), "no {told} in:\n{instruction}");
    }
}

#[test]
fn the_request_is_what_openai_compatible_servers_take() {
    let model = ModelServer::replying([Say::done("print('hi')")]);
    let server = Server::asking(&model)
        .variable("llm_api_key", "sk-key")
        .start();
    ends_well(server.run(INSTRUCTION), 1, "hi\n");
    let asked = model.request();
    assert_eq!(asked.header("authorization"), "Bearer sk-key");
    assert_eq!(asked.header("content-type"), "application/json");
    let body = &asked.body;
    assert_eq!(
        (
            &body["model"],
            &body["stream"],
            &body["stream_options"]["include_usage"]
        ),
        (&MODEL.into(), &true.into(), &true.into()),
        "{asked:#?}"
    );
    assert_eq!(asked.roles(), [System, User], "{asked:#?}");
    let (model, server) = scripted([Say::done("1")]);
    server.run(INSTRUCTION).succeeded();
    assert_eq!(
        model.request().header("authorization"),
        "",
        "there is no key to send"
    );
}

#[test]
fn the_tool_is_described_as_it_works_in_this_mode() {
    let (_model, server) = scripted_with([], &[("python_coder_max_retries", "5")]);
    let tools: api::tool::ToolList = server.http().get("/api/tools").expect(200).json();
    let function = &tools.tools[0].function;
    assert!(
        function.description.contains("up to 5 attempts")
            && function.description.contains("plain language"),
        "{}",
        function.description
    );
    assert!(
        !function.description.contains("{{"),
        "{}",
        function.description
    );
    let code = &function.parameters["properties"]["code"]["description"];
    assert!(code.to_string().contains("plain language"), "{code}");
}
