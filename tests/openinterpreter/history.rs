//! What is left of an execution: every exchange with the model, every program, and what came of it.

use api::history::{Execution, ExecutionSummary, Page, Role, Status};
use api::tool::Tokens;
use insta::{assert_json_snapshot, assert_snapshot};

use super::{INSTRUCTION, ends_well, execution, scripted};
use crate::harness::{ModelServer, Say, Server, ToolReply, redacted};

/// An execution with two attempts by the model, the second with two steps.
pub(super) fn two_attempts() -> (Server, ToolReply, Execution) {
    let (_model, server) = scripted([
        Say::done("words = ['hi']\nprint(word)").tokens(100, 20),
        Say::code("words = ['hi']\nprint(words[0])").tokens(200, 30),
        Say::code("print('bye')").tokens(300, 40),
        Say::text("That is all.").tokens(400, 5),
    ]);
    let reply = ends_well(
        server.session_called("history").run(INSTRUCTION),
        2,
        "hi\nbye\n",
    );
    let execution = execution(&server, reply.execution_id());
    (server, reply, execution)
}

#[test]
fn every_request_and_reply_is_kept_with_its_tokens() {
    let (_server, _reply, execution) = two_attempts();
    let [first, second] = &execution.attempt_list[..] else {
        panic!("{execution:#?}");
    };
    let replies: Vec<_> = second
        .exchanges
        .iter()
        .map(|exchange| exchange.reply.as_str())
        .collect();
    assert_eq!(first.exchanges.len(), 1, "{first:#?}");
    assert_eq!(
        first.exchanges[0].reply,
        "```python\nwords = ['hi']\nprint(word)\n```\nDONE"
    );
    assert_eq!(first.exchanges[0].tokens, Tokens::counted(100, 20));
    assert_eq!(replies.len(), 3, "{second:#?}");
    assert_eq!(replies[2], "That is all.");
    assert_eq!(second.exchanges[1].tokens, Tokens::counted(300, 40));
    for exchange in first.exchanges.iter().chain(&second.exchanges) {
        assert!(
            exchange.seconds >= 0.0 && exchange.error.is_none(),
            "{exchange:#?}"
        );
    }
    let sent = &first.exchanges[0].messages;
    assert_eq!(
        (sent[0].role, sent[1].role),
        (Role::System, Role::User),
        "{sent:#?}"
    );
    assert!(sent[1].content.contains(INSTRUCTION), "{sent:#?}");
}

#[test]
fn each_attempt_has_what_it_ran_and_how_that_differs() {
    let (_server, _reply, execution) = two_attempts();
    let [first, second] = &execution.attempt_list[..] else {
        panic!("{execution:#?}");
    };
    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!(first.code, "words = ['hi']\nprint(word)");
    assert!(
        first
            .error
            .as_ref()
            .is_some_and(|error| error.name == "NameError"),
        "{first:#?}"
    );
    assert_eq!(first.diff, None, "there is none before it");
    assert_eq!(second.steps.len(), 1, "{second:#?}");
    assert_eq!(second.steps[0].code, "words = ['hi']\nprint(words[0])");
    assert_eq!(
        (&*second.steps[0].stdout, &*second.stdout),
        ("hi\n", "bye\n")
    );
    assert_eq!(second.code, "print('bye')");
    let diff = second.diff.as_deref().unwrap_or_default();
    assert_snapshot!(diff);
}

#[test]
fn an_execution_is_kept_with_all_that_is_known_of_it() {
    let (_model, server) = scripted([Say::done("print('hi')")]);
    let reply = ends_well(
        server.session_called("history").run("print(word)"),
        2,
        "hi\n",
    );
    let mut value = serde_json::to_value(execution(&server, reply.execution_id())).unwrap();
    // The prompts have snapshots of their own.
    for exchange in value["attempt_list"][1]["exchanges"]
        .as_array_mut()
        .unwrap()
    {
        exchange["messages"] = "[messages]".into();
        exchange["seconds"] = "[seconds]".into();
    }
    redacted(|| assert_json_snapshot!(value));
}

#[test]
fn a_diff_shows_what_the_model_changed() {
    let code = "total = 0\nfor number in range(3):\n    total += number\nprint(totl)";
    let (_model, server) = scripted([Say::done(&code.replace("totl", "total"))]);
    let reply = ends_well(server.run(code), 2, "3\n");
    let execution = execution(&server, reply.execution_id());
    let diff = execution.attempt_list[1]
        .diff
        .as_deref()
        .unwrap_or_default();
    let changed: Vec<_> = diff
        .lines()
        .filter(|line| {
            line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++")
        })
        .collect();
    assert_eq!(changed, ["-print(totl)", "+print(total)"], "{diff}");
}

#[test]
fn a_reply_that_broke_off_is_kept_as_far_as_it_came() {
    let (_model, server) = scripted([Say::text("It begins well and then it ends.").breaks_off()]);
    let value: serde_json::Value = server
        .tool(INSTRUCTION)
        .session("history")
        .reply()
        .expect(502)
        .json();
    let id = value["metadata"]["execution_id"].as_str().unwrap();
    let execution = execution(&server, id);
    let exchange = &execution.attempt_list[0].exchanges[0];
    assert!(exchange.error.is_some(), "{exchange:#?}");
    let came = exchange.reply.as_str();
    assert!(
        "It begins well and then it ends.".starts_with(came) && !came.is_empty(),
        "{exchange:#?}"
    );
    let path = "/api/sessions/history/executions";
    let page: Page<ExecutionSummary> = server.http().get(path).expect(200).json();
    assert_ne!(page.items[0].status, Status::Running, "{page:#?}");
}

#[test]
fn what_was_asked_and_what_ran_is_kept_when_the_system_goes_down() {
    let model =
        ModelServer::replying([Say::code("print('one')"), Say::done("print('two')").never()]);
    let server = Server::asking(&model).start();
    let body = serde_json::json!({ "code": INSTRUCTION, "session_id": "down" }).to_string();
    let _call = server.process().send_raw(&format!(
        "POST /api/tools/python_coder HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    model.wait_for_requests(2);
    let server = Server::asking(&model).start_in(server.kill());
    let page: Page<ExecutionSummary> = server
        .http()
        .get("/api/sessions/down/executions")
        .expect(200)
        .json();
    let execution = execution(&server, &page.items[0].execution_id);
    assert_eq!(execution.summary.status, Status::Interrupted);
    let attempt = &execution.attempt_list[0];
    assert_eq!(attempt.stdout, "one\n", "{attempt:#?}");
    assert_eq!(attempt.exchanges.len(), 2, "{attempt:#?}");
    assert_eq!(attempt.exchanges[1].messages.len(), 4, "{attempt:#?}");
}
