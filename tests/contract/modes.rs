//! The choice of mode: there is no fallback, ever.

use serde_json::Value;

use crate::harness::Server;

#[test]
fn openinterpreter_mode_says_that_this_build_has_none_and_runs_nothing() {
    let server = Server::with()
        .variable("python_executor_mode", "openinterpreter")
        .start();
    let reply = server
        .tool("open('made', 'w')")
        .session("abc")
        .reply()
        .expect(503);
    let body: Value = reply.json();
    assert_eq!(body["metadata"]["code"], "misconfigured", "\n{reply}");
    assert_eq!(body["metadata"]["attempts"], 0, "\n{reply}");
    insta::assert_snapshot!(body["error"].as_str().unwrap());
    assert!(
        !server.data_file("scratch/abc/made").exists(),
        "it fell back to another mode\n{reply}"
    );
}

#[test]
fn openinterpreter_mode_leaves_the_rest_of_the_api_alone() {
    let server = Server::with()
        .variable("python_executor_mode", "openinterpreter")
        .start();
    for path in ["/api/tools", "/api/sessions", "/api/config"] {
        server.http().get(path).expect(200);
    }
    let config: Value = server.http().get("/api/config").expect(200).json();
    assert_eq!(config["mode"], "openinterpreter");
}

#[test]
fn native_mode_says_that_it_ran_the_code_once() {
    let reply = Server::shared().run("1 / 0");
    let metadata = &reply.value()["metadata"];
    assert_eq!(
        (&metadata["mode"], &metadata["attempts"]),
        (&"native".into(), &1.into()),
        "\n{reply}"
    );
}
