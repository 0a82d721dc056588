//! The choice of mode: there is no fallback, ever.

use serde_json::Value;

use crate::harness::Server;

/// With nothing to ask, openinterpreter mode refuses what it would have to ask about, and runs nothing in its place.
#[test]
fn openinterpreter_mode_does_not_fall_back() {
    let server = Server::with()
        .variable("python_executor_mode", "openinterpreter")
        .variable("python_coder_retry_strategy", "model")
        .variable("llm_url", "http://127.0.0.1:9/v1")
        .start();
    let session = server.session_called("refused");
    let refused: Value = session.tool("open('ran', 'w')").reply().expect(502).json();
    assert_eq!(refused["metadata"]["code"], "model_unavailable");
    assert_eq!(refused["metadata"]["mode"], "openinterpreter");
    assert!(
        !server.data_file("scratch/refused").exists(),
        "it made a workspace\n{refused}"
    );
}

/// The control beside it: the same call in native mode.
#[test]
fn the_same_call_in_native_mode_runs() {
    let server = Server::with()
        .variable("python_executor_mode", "native")
        .start();
    let health: Value = server.http().get("/api/health").expect(200).json();
    assert_eq!(health["status"], "ok");
    let session = server.session_called("ran");
    session.run("open('ran', 'w')").succeeded();
    assert!(server.data_file("scratch/ran/ran").is_file());
}

#[test]
fn native_mode_says_that_it_ran_the_code_once() {
    let reply = Server::shared().run("1 / 0");
    let metadata: &Value = &reply.value()["metadata"];
    assert_eq!(
        (&metadata["mode"], &metadata["attempts"]),
        (&"native".into(), &1.into()),
        "\n{reply}"
    );
}
