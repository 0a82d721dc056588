use super::table::TABLE;
use super::*;

fn with(changes: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
    let lookup = |name: &str| {
        changes
            .iter()
            .find(|(changed, _)| *changed == name)
            .map(|(_, value)| (*value).to_owned())
    };
    Settings::from_lookup(lookup)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn problem(name: &str, value: &str) -> String {
    match with(&[(name, value)]).unwrap_err().as_slice() {
        [one] => one.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_defaults_work_and_every_setting_is_shown() {
    let settings = with(&[]).unwrap();
    assert_eq!(
        (settings.timeout_ms, settings.max_timeout_ms),
        (30_000, 300_000)
    );
    for (declared, shown) in TABLE.iter().zip(settings.shown()) {
        assert_eq!(shown.name, declared.name);
        let expected = if declared.secret {
            "(empty)"
        } else {
            declared.default
        };
        assert_eq!(shown.value, expected, "{}", declared.name);
    }
}

#[test]
fn a_bad_mode_has_the_message_that_the_contract_fixes() {
    for bad in ["", "Native", "auto"] {
        assert_eq!(
            problem("python_executor_mode", bad),
            format!("Invalid PYTHON_EXECUTOR_MODE: '{bad}'. Must be 'native' or 'openinterpreter'")
        );
    }
}

#[test]
fn a_bad_value_is_refused_with_what_is_allowed() {
    let cases = [
        (
            "python_executor_timeout",
            "0",
            "a number of seconds between 0.1 and 300",
        ),
        (
            "python_executor_timeout",
            "NaN",
            "a number of seconds between 0.1 and 300",
        ),
        (
            "python_executor_max_timeout",
            "inf",
            "a number of seconds between 0.1 and 86400",
        ),
        (
            "python_executor_max_output_size",
            "1023",
            "a number of bytes between 1024 and 67108864",
        ),
        (
            "python_executor_max_output_size",
            "67108865",
            "a number of bytes between 1024 and 67108864",
        ),
        (
            "python_executor_memory",
            "268435455",
            "a number of bytes, of which the interpreter itself needs about 230 MiB, between 268435456 and 4294967296",
        ),
        (
            "python_executor_memory",
            "1GB",
            "a number of bytes, of which the interpreter itself needs about 230 MiB, between 268435456 and 4294967296",
        ),
        (
            "python_workspace_max_bytes",
            "1048575",
            "a number of bytes between 1048576 and 9223372036854775807",
        ),
        (
            "python_workspace_max_files",
            "0",
            "a number of files between 1 and 9223372036854775807",
        ),
        (
            "python_url",
            "python",
            "an http:// or https:// URL without query or password",
        ),
        (
            "llm_url",
            "ftp://host/",
            "an http:// or https:// URL without query or password",
        ),
        (
            "python_coder_max_retries",
            "21",
            "a number of attempts between 1 and 20",
        ),
        (
            "python_coder_openinterpreter_offline",
            "yes",
            "'true' or 'false'",
        ),
        ("python_coder_model", " ", "a model's name"),
    ];
    for (name, value, allowed) in cases {
        assert_eq!(
            problem(name, value),
            format!(
                "Invalid {}: '{value}'. Must be {allowed}",
                name.to_uppercase()
            )
        );
    }
}

#[test]
fn the_limits_themselves_are_allowed() {
    let cases = [
        ("python_executor_timeout", "0.1"),
        ("python_executor_timeout", "300"),
        ("python_executor_max_timeout", "86400"),
        ("python_executor_max_output_size", "1024"),
        ("python_executor_max_output_size", "67108864"),
        ("python_executor_memory", "268435456"),
        ("python_executor_memory", "4294967296"),
        ("python_workspace_max_bytes", "1048576"),
        ("python_workspace_max_files", "1"),
        ("python_coder_max_retries", "1"),
        ("python_coder_max_retries", "20"),
    ];
    for (name, value) in cases {
        assert!(with(&[(name, value)]).is_ok(), "{name}={value}");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let problems = with(&[
        ("python_executor_mode", "x"),
        ("python_executor_memory", "x"),
        ("llm_url", "x"),
        ("python_coder_openinterpreter_safe_mode", "x"),
    ])
    .unwrap_err();
    assert_eq!(problems.len(), 4, "{problems:#?}");
}

#[test]
fn secrets_are_never_shown() {
    let settings = with(&[("api_token", "hunter2"), ("llm_api_key", "sk-12345")]).unwrap();
    assert_eq!(settings.secrets(), ["sk-12345", "hunter2"]);
    let everything = format!("{settings:?} {:?}", settings.shown());
    assert!(
        !everything.contains("hunter2") && !everything.contains("sk-12345"),
        "{everything}"
    );
    assert!(everything.contains("(set)"));
}

#[test]
fn a_password_in_a_url_is_refused_and_not_repeated() {
    assert_eq!(
        problem("python_url", "http://user:pw@host"),
        "Invalid PYTHON_URL: 'http://***@host'. Must be an http:// or https:// URL without query or password"
    );
}

#[test]
fn a_url_loses_its_final_slash() {
    assert_eq!(
        with(&[("python_url", "http://127.0.0.1:3001/")])
            .unwrap()
            .python_url,
        "http://127.0.0.1:3001"
    );
}
