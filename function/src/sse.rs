//! Server-sent events as they are written: what one looks like, and the answer that carries them.
//! `api::sse` is the other side.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::{HeaderName, header};
use serde::Serialize;

/// Of an answer that carries events, and of a request that would have it so.
pub const EVENT_STREAM: &str = "text/event-stream";

/// An event: its word, the cursor to come back with, and its JSON, which is one line.
pub fn frame(event: &str, id: Option<&str>, data: &impl Serialize) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    let data = serde_json::to_string(data).expect("wire types are JSON");
    format!("{id}event: {event}\ndata: {data}\n\n").into()
}

/// Nothing to tell: a component finds out that its caller has gone when it writes.
pub fn comment() -> Bytes {
    Bytes::from_static(b": beat\n\n")
}

/// An answer of events, which nobody on the way may keep or hold back.
pub fn response(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, EVENT_STREAM),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use api::sse::Events;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut events = Events::default();
        let read = events.push(&frame("changes", Some("7"), &"two\nlines"));
        assert_eq!(read.len(), 1, "{read:?}");
        assert_eq!(read[0].id.as_deref(), Some("7"));
        assert_eq!(read[0].data, r#""two\nlines""#);
        assert_eq!(events.push(&comment()), []);
        let written = frame("stdout", None, &1);
        assert_eq!(written, "event: stdout\ndata: 1\n\n");
    }
}
