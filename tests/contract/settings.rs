//! Settings are validated together, when `vivarium serve` starts, and all problems are told at once.

use crate::harness::{Server, redacted, vivarium};

fn serve_with(variables: &[&str]) -> crate::harness::Ended {
    let data = tempfile::tempdir().unwrap();
    let mut arguments = vec![
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data",
        data.path().to_str().unwrap(),
    ];
    for variable in variables {
        arguments.extend(["--variable", variable]);
    }
    vivarium(&arguments, "").expect(1)
}

#[test]
fn an_unknown_mode_has_the_message_that_the_contract_fixes() {
    let ended = serve_with(&["python_executor_mode=docker"]);
    let message = "Invalid PYTHON_EXECUTOR_MODE: 'docker'. Must be 'native' or 'openinterpreter'";
    assert!(ended.stderr.contains(message), "{ended}");
}

#[test]
fn all_problems_are_told_at_once() {
    let ended = serve_with(&[
        "python_executor_mode=docker",
        "python_executor_timeout=-1",
        "python_executor_memory=lots",
        "python_workspace_max_files=0",
        "python_coder_openinterpreter_offline=maybe",
        "llm_url=not a url",
    ]);
    redacted(|| insta::assert_snapshot!(ended.stderr));
    assert_eq!(ended.stdout, "", "stdout is for data");
}

#[test]
fn a_timeout_above_the_most_allowed_is_a_problem() {
    let ended = serve_with(&["python_executor_timeout=301"]);
    assert!(ended.stderr.contains("PYTHON_EXECUTOR_TIMEOUT"), "{ended}");
    let server = Server::with()
        .variable("python_executor_timeout", "300")
        .start();
    server.still_answers();
}

#[test]
fn a_variable_that_is_not_declared_is_a_problem() {
    let ended = serve_with(&["python_executor_tiemout=5"]);
    assert!(ended.stderr.contains("python_executor_tiemout"), "{ended}");
}

#[test]
fn a_variable_can_be_set_by_the_environment() {
    let server = Server::with()
        .environment("SPIN_VARIABLE_PYTHON_CODER_MODEL", "from-the-environment")
        .start();
    let config = server.http().get("/api/config").expect(200);
    assert!(config.text().contains("from-the-environment"), "\n{config}");
}
