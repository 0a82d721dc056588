//! The choice of mode: there is no fallback, ever.

use serde_json::Value;

use crate::harness::{Server, redacted};

/// It is a valid setting whose executor this build lacks: everything but tool calls works.
#[test]
fn openinterpreter_mode_says_that_this_build_has_none_and_does_not_fall_back() {
    let server = Server::with()
        .variable("python_executor_mode", "openinterpreter")
        .start();
    let health: Value = server.http().get("/api/health").expect(503).json();
    assert_eq!(health["status"], "unavailable");
    let problem = "PYTHON_EXECUTOR_MODE is 'openinterpreter', and this build has no such mode yet; \
                   set python_executor_mode to 'native'";
    assert_eq!(health["problems"], serde_json::json!([problem]));
    let session = server.session_called("refused");
    let refused = session.tool("open('ran', 'w')").reply().expect(503);
    redacted(|| insta::assert_json_snapshot!(refused.json::<Value>()));
    assert!(
        !server.data_file("scratch/refused").exists(),
        "it made a workspace\n{refused}"
    );
    let sessions: Value = server.http().get("/api/sessions").expect(200).json();
    assert_eq!(sessions["items"], serde_json::json!([]));
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
