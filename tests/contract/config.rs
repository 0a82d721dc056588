//! `GET /api/config` and `GET /api/health`.

use api::config::{Config, Health};
use insta::assert_json_snapshot;

use crate::harness::{PythonService, Server};

const TOKEN: &str = "a-token-nobody-may-see";
const KEY: &str = "a-key-nobody-may-see";
const NAMED: &str = "a-named-token-nobody-may-see";

#[test]
fn every_setting_is_shown_with_its_default() {
    let config: Config = Server::shared()
        .http()
        .get("/api/config")
        .expect(200)
        .json();
    assert_json_snapshot!(config.settings);
}

#[test]
fn what_is_set_is_shown() {
    let server = Server::with()
        .variable("python_executor_timeout", "12.5")
        .variable("python_coder_model", "tiny")
        .start();
    let config: Config = server.http().get("/api/config").expect(200).json();
    let value = |name: &str| {
        config
            .settings
            .iter()
            .find(|setting| setting.name == name)
            .unwrap()
            .value
            .as_str()
    };
    assert_eq!(
        (
            value("python_executor_timeout"),
            value("python_coder_model")
        ),
        ("12.5", "tiny")
    );
}

#[test]
fn the_interpreter_describes_itself() {
    let config: Config = Server::shared()
        .http()
        .get("/api/config")
        .expect(200)
        .json();
    let image = config.python.expect("the python service is there").image;
    assert!(image.python_version.starts_with("3.15."), "{image:?}");
    for package in [
        "numpy",
        "pandas",
        "matplotlib",
        "scipy",
        "scikit-learn",
        "sympy",
    ] {
        assert!(
            image.packages.contains_key(package),
            "no {package}: {image:?}"
        );
    }
    for module in ["numpy", "pandas", "matplotlib.pyplot"] {
        assert!(
            image.preloaded.iter().any(|name| name == module),
            "{module} is not imported already: {image:?}"
        );
    }
    assert!(
        image.memory_bytes > 0 && image.compiled_bytes > 0,
        "{image:?}"
    );
}

#[test]
fn a_secret_is_shown_nowhere() {
    let server = Server::with()
        .variable("api_token", TOKEN)
        .variable("api_tokens", format!("somebody:{NAMED}"))
        .variable("llm_api_key", KEY)
        .variable("otel_exporter_otlp_headers", format!("x-key={KEY}"))
        .start();
    let http = server.http().bearer(TOKEN);
    let config = http.get("/api/config").expect(200);
    for setting in config
        .json::<Config>()
        .settings
        .iter()
        .filter(|setting| setting.secret)
    {
        assert_eq!(setting.value, "(set)", "\n{config}");
    }
    // A program that prints a secret, say because the person pasted it into the chat.
    let call = serde_json::json!({ "code": format!("print('{KEY}', '{TOKEN}', '{NAMED}')"), "session_id": "leaky" });
    http.post_json("/api/tools/python_coder", &call).expect(200);
    let mut shown = vec![config.text().to_owned(), server.process().log().text()];
    for path in [
        "/api/tools",
        "/api/health",
        "/api/logs/prompts",
        "/api/logs/prompts.log",
    ] {
        shown.push(http.get(path).expect(200).text().to_owned());
    }
    shown.push(std::fs::read_to_string(server.data_file("logs/prompts.log")).unwrap());
    for text in shown {
        for secret in [KEY, TOKEN, NAMED] {
            assert!(!text.contains(secret), "a secret is in: {text}");
        }
    }
}

#[test]
fn health_is_ok() {
    let health: Health = Server::shared()
        .http()
        .get("/api/health")
        .expect(200)
        .json();
    assert_eq!((health.status.as_str(), health.problems), ("ok", vec![]));
}

#[test]
fn health_says_when_the_python_service_is_gone() {
    let service = PythonService::start(&[]);
    let server = Server::with().variable("python_url", service.url()).start();
    server.still_answers();
    drop(service);
    let health: Health = server.http().get("/api/health").expect(503).json();
    assert_eq!(health.status, "python_unavailable", "{health:?}");
    assert_eq!(health.problems.len(), 1, "{health:?}");
    let reply = server.tool("1").reply().expect(502);
    assert_eq!(
        reply.json::<serde_json::Value>()["metadata"]["code"],
        "python_unavailable",
        "\n{reply}"
    );
    server.http().get("/api/config").expect(200);
    server.http().get("/api/sessions").expect(200);
}
