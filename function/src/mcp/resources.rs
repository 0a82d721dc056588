//! The files of sessions, as resources: `vivarium://sessions/{id}/files/{path}`.

use api::error::ErrorCode;
use api::files::FileInfo;
use api::{SessionId, WorkspacePath};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

use super::message::{Request, RpcError};
use super::{Caller, inner};
use crate::python::SEGMENT;

const BEGINNING: &str = "vivarium://sessions/";
const MIDDLE: &str = "/files/";

/// A message is held in memory, some times over, on both sides.
const MAX_BYTES: usize = 4 << 20;

/// The files of the caller's session; who has none has no files either.
pub(super) async fn list(caller: &Caller, request: &Request) -> Result<Value, RpcError> {
    let Some(session) = &caller.session else {
        return Ok(json!({ "resources": [] }));
    };
    let cursor = request.params.get("cursor").and_then(Value::as_str);
    let page = inner::files(&caller.settings, session, cursor.map(str::to_owned)).await?;
    let files = page.files.iter();
    let resources: Vec<_> = files
        .map(|file| link(session.id(), &file.path, &file.info))
        .collect();
    let mut result = json!({ "resources": resources });
    if let Some(cursor) = page.next_cursor {
        result["nextCursor"] = json!(cursor);
    }
    Ok(result)
}

/// How to name the files of any session.
pub(super) fn templates() -> Value {
    json!({ "resourceTemplates": [{
        "uriTemplate": format!("{BEGINNING}{{session_id}}{MIDDLE}{{+path}}"),
        "name": "files",
        "title": "Files of a session",
        "description": "A file in a session's workspace; the tool's answer links to those that a program made.",
    }] })
}

/// A file's contents.
pub(super) async fn read(caller: &Caller, request: &Request) -> Result<Value, RpcError> {
    let uri = request.text("uri")?;
    let not_found = |why: &str| {
        let message = format!("there is no resource `{}`: {why}", uri.escape_debug());
        RpcError::new(caller.revision.not_found(), message).data(json!({ "uri": uri }))
    };
    let (session, path) = place(uri).map_err(|why| not_found(&why))?;
    let session = caller.tenant.session(&session);
    let read = inner::read(&caller.settings, &session, &path, MAX_BYTES).await;
    let (media_type, bytes) = match read {
        Ok(read) => read,
        Err(refusal) if refusal.body.code == ErrorCode::NotFound => {
            return Err(not_found(&refusal.body.error));
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let media_type = media_type.split(';').next().unwrap_or_default();
    let mut contents = json!({ "uri": uri, "mimeType": media_type });
    match std::str::from_utf8(&bytes) {
        Ok(text) if !is_binary(media_type) => contents["text"] = json!(text),
        _ => contents["blob"] = json!(BASE64_STANDARD.encode(&bytes)),
    }
    Ok(json!({ "contents": [contents] }))
}

/// A file, without what is in it.
pub(super) fn link(session_id: &str, path: &str, info: &FileInfo) -> Value {
    let path_encoded = utf8_percent_encode(path, SEGMENT);
    json!({
        "uri": format!("{BEGINNING}{session_id}{MIDDLE}{path_encoded}"),
        "name": path,
        "mimeType": info.content_type,
        "size": info.size,
    })
}

/// The place that a URI names, or what is wrong with it.
fn place(uri: &str) -> Result<(SessionId, WorkspacePath), String> {
    let rest = uri.strip_prefix(BEGINNING);
    let (session, path) = rest
        .and_then(|rest| rest.split_once(MIDDLE))
        .ok_or_else(|| format!("one is {BEGINNING}{{session_id}}{MIDDLE}{{path}}"))?;
    let path = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| "its path is not UTF-8".to_owned())?;
    let session = SessionId::parse(session).map_err(|bad| bad.to_string())?;
    let path = WorkspacePath::parse(&path).map_err(|bad| bad.to_string())?;
    Ok((session, path))
}

fn is_binary(media_type: &str) -> bool {
    let kinds = ["image/", "audio/", "video/", "font/"];
    media_type != "image/svg+xml" && kinds.iter().any(|kind| media_type.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_its_file() {
        let info = FileInfo {
            size: 1,
            modified: Default::default(),
            content_type: "text/csv".into(),
            changed: true,
        };
        for path in ["a.csv", "dir/ä b%20?.csv", "x#y", "files/files/a"] {
            let link = link("s1", path, &info);
            let (session, found) = place(link["uri"].as_str().unwrap()).unwrap();
            assert_eq!((session.as_str(), found.as_str()), ("s1", path), "{link}");
        }
        for bad in [
            "file:///etc/passwd",
            "vivarium://sessions/s1",
            "vivarium://sessions/s1/files/",
            "vivarium://sessions/../files/a",
            "vivarium://sessions/s1/files/../a",
            "vivarium://sessions/s1/files/%2e%2e/a",
            "vivarium://sessions/s1/files/%ff",
        ] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }
}
