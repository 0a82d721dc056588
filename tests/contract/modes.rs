//! The choice of mode: there is no fallback, ever.

use serde_json::Value;

use crate::harness::{Server, vivarium};

#[test]
fn openinterpreter_mode_says_that_this_build_has_none_and_does_not_fall_back() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let mode = "python_executor_mode=openinterpreter";
    let ended = vivarium(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data,
            "--variable",
            mode,
        ],
        "",
    )
    .expect(1);
    insta::assert_snapshot!(ended.stderr);
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
