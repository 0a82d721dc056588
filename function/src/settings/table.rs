//! Every setting there is. `spin.toml` declares the same names and defaults, and a test holds the two together.

/// A declared setting.
#[derive(Debug)]
pub struct Declared {
    /// The Spin variable.
    pub name: &'static str,
    /// What holds when nobody sets it.
    pub default: &'static str,
    /// For the person who reads `/api/config`.
    pub meaning: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
}

/// The declaration of `name`.
pub fn declared(name: &str) -> Option<&'static Declared> {
    TABLE.iter().find(|declared| declared.name == name)
}

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Declared {
    Declared {
        name,
        default,
        meaning,
        secret: false,
    }
}

const fn secret(name: &'static str, meaning: &'static str) -> Declared {
    Declared {
        name,
        default: "",
        meaning,
        secret: true,
    }
}

/// The table, in the order in which `/api/config` shows it.
pub static TABLE: [Declared; 25] = [
    setting(
        "python_executor_mode",
        "native",
        "`native` runs the code as it is; `openinterpreter` has a model write, run and repair it",
    ),
    setting(
        "python_executor_timeout",
        "30",
        "seconds a run may take, unless the request's `timeout` asks for less or more",
    ),
    setting(
        "python_executor_max_timeout",
        "300",
        "the most seconds a request's `timeout` may ask for",
    ),
    setting(
        "python_executor_max_output_size",
        "1048576",
        "bytes kept of each of stdout and stderr; the rest is dropped and counted",
    ),
    setting(
        "python_executor_memory",
        "1073741824",
        "bytes of memory a run may use, the interpreter's own included",
    ),
    setting(
        "python_workspace_max_bytes",
        "268435456",
        "bytes a session's workspace may hold",
    ),
    setting(
        "python_workspace_max_files",
        "10000",
        "files and folders a session's workspace may hold",
    ),
    setting(
        "python_url",
        "http://python.spin.internal",
        "where the python service is",
    ),
    setting(
        "python_coder_max_retries",
        "3",
        "attempts in openinterpreter mode",
    ),
    setting(
        "python_coder_openinterpreter_offline",
        "true",
        "only model servers on this machine or a private network may be called",
    ),
    setting(
        "python_coder_openinterpreter_auto_run",
        "true",
        "false: code that a model wrote waits for a person's approval",
    ),
    setting(
        "python_coder_openinterpreter_safe_mode",
        "false",
        "true: code is checked before it runs, and refused with the reason",
    ),
    setting(
        "python_coder_retry_strategy",
        "auto",
        "`auto` runs the code as it is first, where it is Python; `model` has the model write every attempt",
    ),
    setting(
        "python_coder_max_tokens",
        "200000",
        "tokens the model may read and write for one execution",
    ),
    setting("python_coder_model", "gpt-oss:20b", "the model's name"),
    setting(
        "llm_url",
        "http://127.0.0.1:11434/v1",
        "an OpenAI-compatible chat completions server",
    ),
    secret("llm_api_key", "the key for `llm_url`"),
    secret(
        "api_token",
        "when set, every API call needs it as a bearer token",
    ),
    secret(
        "api_tokens",
        "lines of `NAME:TOKEN`: further tokens, each with sessions of its own that no other sees",
    ),
    setting(
        "api_max_concurrent",
        "0",
        "tool calls at once for each token; 0: no limit",
    ),
    setting(
        "api_max_calls_per_minute",
        "0",
        "tool calls in a minute for each token; 0: no limit",
    ),
    setting(
        "cors_origins",
        "",
        "origins whose pages may call from a browser, or `*`; empty: none but the dashboard",
    ),
    setting(
        "otel_exporter_otlp_endpoint",
        "",
        "an OpenTelemetry collector that takes traces by OTLP over HTTP; empty: no traces",
    ),
    secret(
        "otel_exporter_otlp_headers",
        "what the collector wants as headers, such as `name=value,name=value`",
    ),
    setting(
        "otel_service_name",
        "vivarium",
        "what the function is called in traces",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_declares_the_same() {
        let manifest: toml::Table = toml::from_str(include_str!("../../../spin.toml")).unwrap();
        let variables = manifest["variables"].as_table().unwrap();
        let passed_on = manifest["component"]["function"]["variables"]
            .as_table()
            .unwrap();
        let mut names: Vec<_> = variables.keys().map(String::as_str).collect();
        let mut expected: Vec<_> = TABLE.iter().map(|declared| declared.name).collect();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
        for declared in &TABLE {
            let variable = &variables[declared.name];
            assert_eq!(
                variable["default"].as_str(),
                Some(declared.default),
                "{}",
                declared.name
            );
            let secret = variable
                .get("secret")
                .is_some_and(|secret| secret.as_bool() == Some(true));
            assert_eq!(secret, declared.secret, "{}", declared.name);
            assert_eq!(
                passed_on[declared.name].as_str(),
                Some(format!("{{{{ {} }}}}", declared.name).as_str())
            );
        }
    }
}
