//! What goes over the wire, byte by byte where that matters.

use std::io::Read as _;

use api::history::{ExecutionSummary, Page, Status};
use serde_json::{Value, json};

use super::{lines, post, sandbox, types};
use crate::harness::{Http, ModelServer, Server, until};

#[track_caller]
fn execute(http: &Http, sandbox: &str, code: &str) -> Vec<Value> {
    lines(&post(http, "/execute", sandbox, &json!({ "code": code })).expect(200))
}

#[test]
fn an_execution_is_told_line_by_line() {
    let http = Server::shared().http();
    let code =
        "import sys\nprint('one', flush=True)\nprint('two', file=sys.stderr, flush=True)\n40 + 2";
    let mut told = execute(http, &sandbox(http), code);
    for line in &mut told {
        if let Some(timestamp) = line.get_mut("timestamp") {
            assert!(timestamp.as_u64().is_some_and(|ns| ns > 1 << 60), "{line}");
            *timestamp = json!(0);
        }
    }
    assert_eq!(
        told,
        [
            json!({ "type": "number_of_executions", "execution_count": 1 }),
            json!({ "type": "stdout", "text": "one\n", "timestamp": 0 }),
            json!({ "type": "stderr", "text": "two\n", "timestamp": 0 }),
            json!({ "type": "result", "text": "42", "is_main_result": true }),
            json!({ "type": "end_of_execution" }),
        ]
    );
}

#[test]
fn an_error_has_its_name_its_value_and_its_traceback() {
    let http = Server::shared().http();
    let told = execute(http, "", "{}['a\\nb']");
    assert_eq!(
        types(&told),
        ["number_of_executions", "error", "end_of_execution"]
    );
    assert_eq!(told[1]["name"], "KeyError");
    assert_eq!(told[1]["value"], "'a\\nb'");
    let traceback = told[1]["traceback"].as_str().unwrap();
    assert!(traceback.starts_with("Traceback (most"), "{traceback}");
}

#[test]
fn a_limit_is_an_error_in_our_words() {
    let server = Server::with()
        .variable("python_executor_timeout", 3)
        .variable("python_executor_max_timeout", 3)
        .start();
    let told = execute(
        server.http(),
        "",
        "print('on it', flush=True)\nwhile True: pass",
    );
    let [_, stdout, error, end] = &told[..] else {
        panic!("{told:#?}");
    };
    assert_eq!(stdout["text"], "on it\n");
    assert_eq!(error["name"], "Timeout");
    let value = error["value"].as_str().unwrap();
    assert!(value.contains("`python_executor_max_timeout`"), "{value}");
    assert_eq!(end["type"], "end_of_execution");
}

#[test]
fn figures_and_what_is_displayed_are_results_too() {
    let http = Server::shared().http();
    let code = "import matplotlib.pyplot as plt\ndisplay('first')\nplt.plot([1])\n{'a': 1}";
    let told = execute(http, "", code);
    let results: Vec<_> = told
        .iter()
        .filter(|line| line["type"] == "result")
        .collect();
    let parts: Vec<_> = results
        .iter()
        .map(|line| (line["is_main_result"] == true, line["png"].is_string()))
        .collect();
    assert_eq!(
        parts,
        [(false, false), (true, false), (false, true)],
        "{results:#?}"
    );
    assert_eq!(results[0]["text"], "first");
    assert_eq!(results[1]["text"], "{'a': 1}");
}

#[test]
fn no_line_is_empty_while_nothing_happens() {
    let http = Server::shared().http();
    let code = json!({ "code": "import time\ntime.sleep(0.5)\n1" });
    let reply = post(http, "/execute", "", &code).expect(200);
    assert!(reply.text().contains(" {"), "it does not beat\n{reply}");
    assert_eq!(
        types(&lines(&reply)),
        ["number_of_executions", "result", "end_of_execution"]
    );
}

#[test]
fn who_hangs_up_ends_the_run() {
    let http = Server::shared().http();
    let id = sandbox(http);
    let code = json!({ "code": "print('on', flush=True)\nwhile True: pass" }).to_string();
    let mut body = http
        .open(
            "POST",
            "/execute",
            &[("e2b-sandbox-id", &id)],
            code.as_bytes(),
        )
        .into_body();
    let mut first = [0; 1];
    body.as_reader().read_exact(&mut first).unwrap();
    drop(body);
    let (execution, _) = until("the run to be cancelled", || {
        let path = format!("/api/sessions/{id}/executions");
        let page: Page<ExecutionSummary> = http.get(&path).expect(200).json();
        let execution = page.items.into_iter().next()?;
        (execution.status != Status::Running).then_some(execution)
    });
    assert_eq!(execution.status, Status::Cancelled);
}

#[test]
fn contexts_share_their_sandboxs_files() {
    let http = Server::shared().http();
    let id = sandbox(http);
    let context: Value = post(http, "/contexts", &id, &json!({})).expect(200).json();
    let run = |context: &Value, code: &str| {
        let body = json!({ "code": code, "context_id": context });
        lines(&post(http, "/execute", &id, &body).expect(200))
    };
    run(&context["id"], "open('a', 'w').write('b')");
    let told = run(&json!(id), "open('a').read()");
    assert_eq!(told[0]["execution_count"], 2);
    assert_eq!(told[1]["text"], "b");
    assert_eq!(context["language"], "python");
    assert_eq!(context["cwd"], "/workspace");
}

#[test]
fn a_context_of_no_sandbox_is_one_itself() {
    let http = Server::shared().http();
    let context: Value = post(http, "/contexts", "", &json!({})).expect(200).json();
    let body = |code: &str| json!({ "code": code, "context_id": context["id"] });
    post(http, "/execute", "", &body("open('a', 'w').write('b')")).expect(200);
    let told = lines(&post(http, "/execute", "", &body("open('a').read()")).expect(200));
    assert_eq!(told[1]["text"], "b", "{told:#?}");
}

#[test]
fn it_is_healthy() {
    let http = Server::shared().http();
    http.get("/health").expect(204);
    let ask = |id: &str| http.send("GET", "/health", &[("e2b-sandbox-id", id)], "");
    ask(&sandbox(http)).expect(204);
    let gone: Value = ask("nobody").expect(502).json();
    assert_eq!(
        gone,
        json!({ "code": 502, "message": "the sandbox `nobody` was not found" })
    );
}

#[test]
fn code_runs_as_it_is_whatever_the_mode() {
    let model = ModelServer::replying([]);
    let server = Server::asking(&model).start();
    let told = execute(server.http(), "", "1 / 0");
    assert_eq!(told[1]["name"], "ZeroDivisionError", "{told:#?}");
    model.was_asked(0);
    for (setting, value) in [
        ("python_coder_openinterpreter_auto_run", false),
        ("python_coder_openinterpreter_safe_mode", true),
    ] {
        let server = Server::asking(&model).variable(setting, value).start();
        let refused = post(server.http(), "/execute", "", &json!({ "code": "1" })).expect(403);
        assert_eq!(refused.json::<Value>()["code"], 403, "\n{refused}");
    }
}
