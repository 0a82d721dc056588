//! Programs in tool calls: some models write one as the argument of a function, asked or not.

use serde_json::Value;

/// The program in what a function is called with: `{"code": "..."}`, or where the model did not bother with
/// JSON, the program itself.
pub(super) fn code_of_arguments(arguments: &Value) -> Option<String> {
    match arguments {
        Value::Object(fields) => fields.get("code")?.as_str().map(str::to_owned),
        Value::String(text) => match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => fields.get("code")?.as_str().map(str::to_owned),
            Ok(Value::String(code)) => Some(code),
            _ if text.trim_start().starts_with(['{', '[']) => None,
            _ => Some(text.clone()),
        },
        _ => None,
    }
    .filter(|code| !code.trim().is_empty())
}

/// The program in a reply that is nothing but a call, written down as text.
pub(super) fn code_of_text(reply: &str) -> Option<String> {
    let mut reply = reply.trim();
    // As Qwen's and Hermes' templates have it, where the server leaves it to us.
    if let Some(inside) = reply.strip_prefix("<tool_call>") {
        reply = inside.strip_suffix("</tool_call>").unwrap_or(inside).trim();
    }
    if !reply.starts_with('{') {
        return None;
    }
    code_of_call(&serde_json::from_str(reply).ok()?)
}

fn code_of_call(call: &Value) -> Option<String> {
    if let Some(function @ Value::Object(_)) = call.get("function") {
        return code_of_call(function);
    }
    let arguments = call.get("arguments").or_else(|| call.get("parameters"));
    match arguments {
        Some(arguments) if call.get("name").is_some() => code_of_arguments(arguments),
        _ => code_of_arguments(call),
    }
}

/// A program in a fence that nothing in it can end.
pub(super) fn fenced(code: &str) -> String {
    let mut longest = 2;
    let mut run = 0;
    for c in code.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence}python\n{}\n{fence}", code.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_written_as_text_have_their_code_found() {
        let cases = [
            (r#"{"name":"python","arguments":{"code":"x = 1"}}"#, true),
            (
                r#"{"name":"python","arguments":"{\"code\":\"x = 1\"}"}"#,
                true,
            ),
            (r#"{"name":"python","arguments":"x = 1"}"#, true),
            (r#"{"name":"python","parameters":{"code":"x = 1"}}"#, true),
            (
                r#"{"type":"function","function":{"name":"python","arguments":{"code":"x = 1"}}}"#,
                true,
            ),
            (r#" {"code": "x = 1"} "#, true),
            (
                "<tool_call>\n{\"name\":\"python\",\"arguments\":{\"code\":\"x = 1\"}}\n</tool_call>",
                true,
            ),
            (r#"{"code": 1}"#, false),
            (r#"{"code": " "}"#, false),
            (r#"{"x": "x = 1"}"#, false),
            (r#"{"name":"python","arguments":{"city":"Oslo"}}"#, false),
            (
                r#"{"name":"python","arguments":"{\"code\":\"x = 1"}"#,
                false,
            ),
            (r#"{"code": "x = 1"} and more"#, false),
            (r#"["code", "x = 1"]"#, false),
        ];
        for (text, found) in cases {
            let expected = found.then(|| "x = 1".to_owned());
            assert_eq!(code_of_text(text), expected, "{text}");
        }
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_code() {
        assert_eq!(fenced("x = 1\n"), "```python\nx = 1\n```");
        assert_eq!(fenced("'````'"), "`````python\n'````'\n`````");
    }
}
