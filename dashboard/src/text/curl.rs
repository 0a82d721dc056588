//! A tool call as a command to paste into a shell.

use api::tool::ToolRequest;

/// `curl` for a request to the server at `origin`; with a token where one is needed, which is left for the reader
/// to put in.
pub(crate) fn command(origin: &str, request: &ToolRequest, token: bool) -> String {
    let body = serde_json::to_string(request).expect("wire types are JSON");
    let token = match token {
        true => " -H \"Authorization: Bearer $VIVARIUM_TOKEN\"",
        false => "",
    };
    format!(
        "curl -s {origin}/api/tools/python_coder{token} -d {}",
        quoted(&body)
    )
}

/// A word of a shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_it_for_one_word() {
        let request = ToolRequest {
            code: "print('hi')\n".into(),
            session_id: Some("a".into()),
            ..Default::default()
        };
        assert_eq!(
            command("http://127.0.0.1:3000", &request, false),
            r#"curl -s http://127.0.0.1:3000/api/tools/python_coder -d '{"code":"print('\''hi'\'')\n","session_id":"a"}'"#
        );
        assert!(command("http://x", &request, true).contains("Bearer $VIVARIUM_TOKEN"));
    }
}
