//! `offline`, the default: only a model server on this machine or a private network may be asked.

use crate::harness::{Ended, Server, vivarium};

/// Starts a server that must refuse to start, with this model server.
#[track_caller]
fn refuses(url: &str) -> Ended {
    let data = tempfile::tempdir().unwrap();
    let data = data.path().to_str().unwrap();
    let url = format!("llm_url={url}");
    let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--data", data];
    for variable in ["python_executor_mode=openinterpreter", &url] {
        arguments.extend(["--variable", variable]);
    }
    vivarium(&arguments, "").expect(1)
}

#[test]
fn a_public_model_server_is_refused_by_name_and_by_address() {
    for url in [
        "https://api.openai.com/v1",
        "http://example.com/v1",
        "http://localhost.example.com/v1",
        "http://127.0.0.1.example.com/v1",
        "http://8.8.8.8/v1",
        "http://8.8.8.8:11434/v1",
        "http://172.32.0.1/v1",
        "http://192.169.0.1/v1",
        "http://0x08080808/v1",
        "http://134744072/v1",
        "http://[2001:4860:4860::8888]/v1",
        "http://[::ffff:8.8.8.8]/v1",
    ] {
        let ended = refuses(url);
        for told in ["LLM_URL", url, "python_coder_openinterpreter_offline"] {
            assert!(ended.stderr.contains(told), "{url}: no {told}\n{ended}");
        }
        assert_eq!(ended.stdout, "", "{url}: it listened\n{ended}");
    }
}

#[test]
fn a_near_model_server_is_allowed() {
    for url in [
        "http://127.0.0.1:1/v1",
        "http://127.9.9.9:1/v1",
        "http://localhost:1/v1",
        "http://[::1]:1/v1",
        "http://10.1.2.3:1/v1",
        "http://172.31.0.1:1/v1",
        "http://192.168.1.5:1/v1",
        "http://[fd00::1]:1/v1",
    ] {
        starts(&[("llm_url", url)]);
    }
}

/// The control: the operator says that it may.
#[test]
fn a_public_model_server_is_allowed_where_offline_is_off() {
    starts(&[
        ("llm_url", "https://api.openai.com/v1"),
        ("python_coder_openinterpreter_offline", "false"),
    ]);
}

#[track_caller]
fn starts(variables: &[(&str, &str)]) {
    let mut setup = Server::with().variable("python_executor_mode", "openinterpreter");
    for (name, value) in variables {
        setup = setup.variable(name, value);
    }
    setup.start().still_answers();
}
