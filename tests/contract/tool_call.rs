//! `POST /api/tools/python_coder`: every field and type of the answer.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::harness::{Server, ToolReply, redacted};

#[test]
fn a_program_that_succeeds() {
    let server = Server::shared();
    let request = json!({
        "code": "print('Hello World')",
        "session_id": "contract-success",
        "timeout": 30,
        "context": { "user_query": "Run a hello world program", "current_thought": "I should execute simple Python code" },
        "a_field_of_tomorrow": { "is": "ignored" },
    });
    let reply = server
        .http()
        .post_json("/api/tools/python_coder", &request)
        .expect(200);
    assert_eq!(
        reply.header("content-type"),
        "application/json",
        "\n{reply}"
    );
    let reply = ToolReply::of(reply).prints("Hello World\n");
    redacted(|| assert_json_snapshot!(reply.value()));
}

#[test]
fn a_program_that_fails_is_not_a_failed_request() {
    let session = Server::shared().session_called("contract-failure");
    let reply = session
        .run("print('before')\nnumber = 1\nnumber / 0")
        .raises("ZeroDivisionError: division by zero");
    redacted(|| assert_json_snapshot!(reply.value()));
}

#[test]
fn a_program_that_hits_a_limit() {
    let session = Server::shared().session_called("contract-limit");
    let reply = session
        .tool("print('before', flush=True)\nwhile True: pass")
        .timeout(0.5)
        .send();
    redacted(|| assert_json_snapshot!(reply.value()));
}

#[test]
fn a_program_with_results_and_files() {
    let session = Server::shared().session_called("contract-results");
    let code =
        "open('a.csv', 'w').write('x,y\\n1,2\\n')\nimport pandas as pd\npd.read_csv('a.csv')";
    let reply = session.run(code).succeeded();
    redacted(|| assert_json_snapshot!(reply.value()));
}

#[test]
fn a_refused_request_has_the_same_shape() {
    let reply = Server::shared()
        .http()
        .post_json("/api/tools/python_coder", &json!({ "session_id": "abc" }));
    redacted(|| assert_json_snapshot!(reply.expect(400).json::<serde_json::Value>()));
}

#[test]
fn a_call_without_a_session_starts_a_new_one_and_says_which() {
    let server = Server::shared();
    let (first, second) = (
        server.run("open('kept', 'w')").succeeded(),
        server.run("1").succeeded(),
    );
    assert_ne!(first.session_id(), second.session_id());
    assert_eq!(
        first.data.workspace,
        format!("data/scratch/{}", first.session_id())
    );
    let again = server
        .tool("open('kept')")
        .session(first.session_id())
        .send()
        .succeeded();
    assert_eq!(again.session_id(), first.session_id());
}

#[test]
fn each_run_keeps_its_source_under_its_own_name() {
    let session = Server::shared().session();
    let codes = ["print('one')", "print('two')  # é"];
    for code in codes {
        session.run(code).succeeded();
    }
    let reply = session.run("pass").succeeded();
    let scripts: Vec<_> = reply
        .data
        .files
        .keys()
        .filter(|path| path.starts_with("script_"))
        .collect();
    assert_eq!(scripts.len(), 3, "\n{reply}");
    let sources: Vec<_> = scripts
        .iter()
        .map(|path| {
            session
                .get(&format!("files/{path}"))
                .expect(200)
                .text()
                .to_owned()
        })
        .collect();
    for code in codes {
        assert!(
            sources.iter().any(|source| source == code),
            "{code:?} is not among {sources:?}"
        );
    }
}

#[test]
fn only_the_files_that_a_run_made_or_changed_are_marked() {
    let session = Server::shared().session();
    session
        .run("open('old', 'w').write('1')\nopen('same', 'w').write('1')")
        .succeeded();
    let reply = session
        .run("open('old', 'a').write('2')\nopen('new', 'w').write('1')")
        .succeeded();
    let marked: Vec<_> = reply
        .files()
        .into_iter()
        .filter(|path| reply.data.files[*path].changed)
        .collect();
    assert_eq!(marked, ["new", "old"], "\n{reply}");
}

#[test]
fn times_are_seconds() {
    let reply = Server::shared()
        .run("import time; time.sleep(0.25)")
        .succeeded();
    let (program, whole) = (
        reply.metadata.code_execution_time,
        reply.metadata.execution_time,
    );
    assert!(
        (0.25..5.0).contains(&program) && whole >= program,
        "{program} s of {whole} s\n{reply}"
    );
}

#[test]
fn a_program_may_be_large_and_in_any_script() {
    let filler = "# ünïcödé\n".repeat(100_000);
    Server::shared()
        .run(&format!("{filler}print('größe', '漢字', '🐍')"))
        .prints("größe 漢字 🐍\n");
}

#[test]
fn an_empty_program_does_nothing() {
    Server::shared().run("# nothing").prints("");
}
