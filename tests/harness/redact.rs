//! What differs from run to run, taken out of snapshots.

use insta::Settings;

/// Compares a snapshot with ids, times and measurements replaced by their names in brackets.
pub(crate) fn redacted(compare: impl FnOnce()) {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(true);
    for (pattern, name) in [
        (r"script_[0-9a-z]+(_[0-9a-z]+)*\.py", "script_[id].py"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[time]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "[time]"),
        (r#""(execution_id)": "[0-9a-f]+""#, r#""$1": "[id]""#),
        (
            r#""(\w*execution_time)": \d+(\.\d+)?(e-\d+)?"#,
            r#""$1": "[seconds]""#,
        ),
        (
            r#""(code_ms)": \d+(\.\d+)?(e-\d+)?"#,
            r#""$1": "[milliseconds]""#,
        ),
        (r#""(peak_memory_bytes)": \d+"#, r#""$1": "[bytes]""#),
        (
            r"(Execution|Model) time: \d+(\.\d+)?s",
            "$1 time: [seconds]s",
        ),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
        // The lines around what a prompt quotes as data.
        (r"(</?data) [0-9a-f]{16}>", "$1 [nonce]>"),
    ] {
        settings.add_filter(pattern, name);
    }
    settings.bind(compare);
}
