//! Settings for people: in groups, with their numbers in units that are read rather than counted.

use api::config::Setting;

use super::numbers::bytes;
use super::time::duration;

/// Groups in their order, with the settings that are in them.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "Mode and time",
        &[
            "python_executor_mode",
            "python_executor_timeout",
            "python_executor_max_timeout",
        ],
    ),
    (
        "Limits of a run",
        &[
            "python_executor_memory",
            "python_executor_max_output_size",
            "python_workspace_max_bytes",
            "python_workspace_max_files",
        ],
    ),
    (
        "Model",
        &[
            "python_coder_model",
            "llm_url",
            "llm_api_key",
            "python_coder_max_retries",
            "python_coder_retry_strategy",
            "python_coder_max_tokens",
            "python_coder_openinterpreter_auto_run",
            "python_coder_openinterpreter_safe_mode",
            "python_coder_openinterpreter_offline",
        ],
    ),
    ("Access", &["api_token", "cors_origins", "python_url"]),
];

/// All of them in their groups; what no group knows comes last, so that none is lost.
pub(crate) fn grouped(settings: &[Setting]) -> Vec<(&'static str, Vec<Setting>)> {
    let find = |name: &&str| {
        settings
            .iter()
            .find(|setting| setting.name == *name)
            .cloned()
    };
    let mut groups: Vec<(&str, Vec<Setting>)> = GROUPS
        .iter()
        .map(|(title, names)| (*title, names.iter().filter_map(find).collect()))
        .collect();
    let grouped = |setting: &&Setting| {
        !GROUPS
            .iter()
            .any(|(_, names)| names.contains(&setting.name.as_str()))
    };
    groups.push(("More", settings.iter().filter(grouped).cloned().collect()));
    groups.retain(|(_, settings)| !settings.is_empty());
    groups
}

/// A value as it is read: `1 GiB` where it says 1073741824; none where it says enough.
pub(crate) fn reading(setting: &Setting) -> Option<String> {
    let number = || setting.value.parse::<u64>().ok();
    match setting.name.as_str() {
        "python_executor_timeout" | "python_executor_max_timeout" => {
            setting.value.parse().ok().map(duration)
        }
        "python_executor_memory"
        | "python_executor_max_output_size"
        | "python_workspace_max_bytes" => number().map(binary_bytes),
        _ => None,
    }
}

/// Limits are powers of two mostly: `256 MiB` says more than `268 MB`.
fn binary_bytes(number: u64) -> String {
    [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        .into_iter()
        .find(|(bits, _)| number >= 1 << bits && number.is_multiple_of(1 << bits))
        .map_or_else(
            || bytes(number),
            |(bits, unit)| format!("{} {unit}", number >> bits),
        )
}

/// How a setting is given: in the environment, and as an option of `vivarium serve` and `spin up`. A secret is left
/// for the reader to put in.
pub(crate) fn ways(setting: &Setting) -> [String; 2] {
    let value = match setting.secret {
        true => "'…'".to_owned(),
        false => quoted(&setting.value),
    };
    [
        format!("SPIN_VARIABLE_{}={value}", setting.name.to_uppercase()),
        format!("--variable {}={value}", setting.name),
    ]
}

/// A word of a shell; in quotes only where it needs them.
fn quoted(value: &str) -> String {
    let plain =
        |character: char| character.is_ascii_alphanumeric() || "._-/:@%+,".contains(character);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// Whether a package is one that is sought.
pub(crate) fn is_sought(name: &str, sought: &str) -> bool {
    // Names with `-`, `_` and `.` are the same to pip, and so to people.
    let plain = |text: &str| text.to_lowercase().replace(['_', '.'], "-");
    plain(name).contains(plain(sought).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(name: &str, value: &str) -> Setting {
        Setting {
            name: name.into(),
            value: value.into(),
            meaning: String::new(),
            secret: value.starts_with('('),
        }
    }

    #[test]
    fn no_setting_is_lost() {
        let all = [
            setting("new_one", "1"),
            setting("api_token", "(set)"),
            setting("python_executor_mode", "native"),
        ];
        let groups = grouped(&all);
        let titles: Vec<_> = groups
            .iter()
            .map(|(title, settings)| (*title, settings.len()))
            .collect();
        assert_eq!(titles, [("Mode and time", 1), ("Access", 1), ("More", 1)]);
    }

    #[test]
    fn values_are_read_in_units() {
        for (name, value, text) in [
            ("python_executor_memory", "1073741824", Some("1 GiB")),
            ("python_workspace_max_bytes", "268435456", Some("256 MiB")),
            ("python_executor_max_output_size", "1000000", Some("1.0 MB")),
            ("python_executor_timeout", "0.5", Some("500\u{a0}ms")),
            (
                "python_executor_max_timeout",
                "300",
                Some("5\u{a0}min 0\u{a0}s"),
            ),
            ("python_workspace_max_files", "10000", None),
            ("python_coder_max_retries", "3", None),
        ] {
            assert_eq!(reading(&setting(name, value)).as_deref(), text, "{name}");
        }
    }

    #[test]
    fn a_shell_takes_what_is_copied() {
        assert_eq!(
            ways(&setting("llm_url", "http://127.0.0.1:11434/v1")),
            [
                "SPIN_VARIABLE_LLM_URL=http://127.0.0.1:11434/v1",
                "--variable llm_url=http://127.0.0.1:11434/v1"
            ]
        );
        assert_eq!(
            ways(&setting("a", "it's $x"))[1],
            r"--variable a='it'\''s $x'"
        );
        assert_eq!(
            ways(&setting("api_token", "(set)"))[0],
            "SPIN_VARIABLE_API_TOKEN='…'"
        );
    }

    #[test]
    fn packages_are_found_however_they_are_written() {
        assert!(is_sought("typing_extensions", "Typing-ext"));
        assert!(is_sought("pandas", " "));
        assert!(!is_sought("pandas", "numpy"));
    }
}
