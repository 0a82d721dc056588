//! A result, with E2B's names for the forms that it can be shown in.

use api::python::MimeBundle;
use serde_json::{Map, Value};

/// Media types, and E2B's names for them. Others go into `extra` as they are called.
const NAMES: [(&str, &str); 10] = [
    ("text/plain", "text"),
    ("text/html", "html"),
    ("text/markdown", "markdown"),
    ("image/svg+xml", "svg"),
    ("image/png", "png"),
    ("image/jpeg", "jpeg"),
    ("application/pdf", "pdf"),
    ("text/latex", "latex"),
    ("application/json", "json"),
    ("application/javascript", "javascript"),
];

/// A result as a line has it. `is_main` says that it is the value of the last expression.
pub fn result(bundle: MimeBundle, is_main: bool) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut extra = Map::new();
    for (media_type, content) in bundle {
        match NAMES.iter().find(|(known, _)| *known == media_type) {
            Some((_, "text")) => fields.insert("text".to_owned(), unquoted(&content).into()),
            Some((_, "json")) => fields.insert("json".to_owned(), json(content)),
            Some((_, name)) => fields.insert((*name).to_owned(), content.into()),
            None => extra.insert(media_type, content.into()),
        };
    }
    if !extra.is_empty() {
        fields.insert("extra".to_owned(), extra.into());
    }
    fields.insert("is_main_result".to_owned(), is_main.into());
    fields
}

/// Whether it is a figure, which is shown when it is done and never the value of an expression.
pub fn is_figure(bundle: &MimeBundle) -> bool {
    bundle.len() == 2
        && bundle.contains_key("image/png")
        && bundle
            .get("text/plain")
            .is_some_and(|text| text.starts_with("<Figure size "))
}

/// E2B shows a string as its text, and not as Python writes it.
fn unquoted(text: &str) -> &str {
    ["'", "\""]
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text)
}

fn json(content: String) -> Value {
    serde_json::from_str(&content).unwrap_or(Value::String(content))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_has_its_name() {
        let bundle = [
            ("text/plain", "'a'"),
            ("text/html", "<b>a</b>"),
            ("application/json", r#"{"a":1}"#),
            ("application/x-own", "a"),
        ];
        let bundle = bundle.map(|(name, content)| (name.to_owned(), content.to_owned()));
        assert_eq!(
            Value::from(result(bundle.into(), true)),
            json!({
                "text": "a", "html": "<b>a</b>", "json": {"a": 1},
                "extra": {"application/x-own": "a"}, "is_main_result": true
            })
        );
    }

    #[test]
    fn only_a_pair_of_quotes_is_taken_off() {
        for (text, shown) in [
            ("'a'", "a"),
            ("\"it's\"", "it's"),
            ("'", "'"),
            ("b'a'", "b'a'"),
        ] {
            assert_eq!(unquoted(text), shown);
        }
    }
}
