//! What a call came to, as the protocol has it: text for the model, pictures, links to files, and the same as JSON.

use api::files::FileInfo;
use api::python::MimeBundle;
use api::tool::ToolResponse;
use serde_json::{Value, json};

use super::literal;
use super::resources::link;
use super::revision::Revision;
use crate::answer::bounded;

/// Base64 of all pictures; the official Python client takes no event of more than a mebibyte. The others are files.
const MAX_PICTURE_CHARS: usize = 600 << 10;
/// Of each of stdout and stderr, in JSON that clients may put into a model's context.
const MAX_OUTPUT_CHARS: usize = 20_000;
/// Of a final value; what is larger is better kept in a file.
const MAX_RESULT_CHARS: usize = 100_000;
/// Links to files.
const MAX_LINKS: usize = 50;

/// The result of a call. What failed is one too, so that the model reads it.
pub(super) fn of(response: &ToolResponse, revision: Revision) -> Value {
    let mut content = vec![json!({ "type": "text", "text": response.answer })];
    content.extend(pictures(&response.data.results));
    let mut result = json!({ "isError": !response.success });
    let metadata = &response.metadata;
    if let (Some(session_id), Some(execution_id)) = (&metadata.session_id, &metadata.execution_id) {
        let made: Vec<_> = made(response, execution_id).collect();
        if revision.has_links() {
            let links = made.iter().take(MAX_LINKS);
            content.extend(links.map(|(path, info)| {
                let mut link = link(session_id, path, info);
                link["type"] = json!("resource_link");
                link
            }));
        }
        let data = &response.data;
        result["structuredContent"] = json!({
            "session_id": session_id,
            "execution_id": execution_id,
            "success": response.success,
            "stdout": bounded(&data.stdout, MAX_OUTPUT_CHARS),
            "stderr": bounded(&data.stderr, MAX_OUTPUT_CHARS),
            "returncode": data.returncode,
            "result": data.results.iter().rev().find_map(value),
            "files": made.iter().map(|(path, _)| path).collect::<Vec<_>>(),
        });
    }
    result["content"] = content.into();
    result
}

/// Files that the program made or changed; it did not make the file that it is kept in.
fn made<'a>(
    response: &'a ToolResponse,
    execution_id: &str,
) -> impl Iterator<Item = (&'a String, &'a FileInfo)> {
    let script = format!("script_{execution_id}");
    let files = response.data.files.iter();
    files.filter(move |(path, info)| info.changed && !path.starts_with(&script))
}

fn pictures(results: &[MimeBundle]) -> Vec<Value> {
    let mut left = MAX_PICTURE_CHARS;
    let pictures = results.iter().flat_map(|bundle| {
        ["image/png", "image/jpeg"]
            .into_iter()
            .find_map(|kind| bundle.get_key_value(kind))
    });
    pictures
        .filter(|(_, data)| {
            let fits = data.len() <= left;
            left -= if fits { data.len() } else { 0 };
            fits
        })
        .map(|(kind, data)| json!({ "type": "image", "data": data.trim(), "mimeType": kind }))
        .collect()
}

/// The value that a result shows: as the object itself says it in JSON, or as Python shows it.
fn value(bundle: &MimeBundle) -> Option<Value> {
    let text = |kind| {
        let text: Option<&String> = bundle.get(kind);
        text.filter(|text| text.len() <= MAX_RESULT_CHARS)
    };
    let json = text("application/json").and_then(|text| serde_json::from_str(text).ok());
    json.or_else(|| literal::parse(text("text/plain")?))
}
