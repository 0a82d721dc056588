//! The list of a server's models.

use serde_json::Value;

/// The ids in an answer to `GET /models`, if it is one.
pub(super) fn ids(body: &[u8]) -> Option<Vec<String>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let models = body.get("data").or_else(|| body.get("models"))?;
    // Ollama has `null` where there are none.
    if models.is_null() {
        return Some(Vec::new());
    }
    let id = |model: &Value| {
        let id = model.get("id").or_else(|| model.get("name"))?;
        let id = id.as_str().filter(|id| !id.trim().is_empty())?;
        Some(id.to_owned())
    };
    Some(models.as_array()?.iter().filter_map(id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_a_list() {
        let cases: [(&str, Option<&[&str]>); 7] = [
            (
                r#"{"object":"list","data":[{"id":"a"},{"id":"b:7b","x":1}]}"#,
                Some(&["a", "b:7b"]),
            ),
            (
                r#"{"models":[{"name":"a"},{"name":1},{"name":" "}]}"#,
                Some(&["a"]),
            ),
            (r#"{"data":[]}"#, Some(&[])),
            (r#"{"data":null}"#, Some(&[])),
            (r#"{"data":{}}"#, None),
            (r#"{"error":"no"}"#, None),
            ("<html>", None),
        ];
        for (body, expected) in cases {
            let expected = expected.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
            assert_eq!(ids(body.as_bytes()), expected, "{body}");
        }
    }
}
