//! Server-sent events, as a body has them.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream>

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderName, header};
use serde::Serialize;

/// One event with its data as JSON, which has no line's end in it.
pub fn frame(event: &str, id: Option<&str>, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).expect("wire types are JSON");
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("event: {event}\n{id}data: {data}\n\n").into()
}

/// What means nothing, and shows whether anybody still listens.
pub fn comment() -> Bytes {
    Bytes::from_static(b":\n\n")
}

/// A stream of events, which nobody between is to keep or to collect.
pub fn response(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_few_lines_and_an_empty_one() {
        assert_eq!(
            frame("stdout", Some("7"), &"a\nb"),
            "event: stdout\nid: 7\ndata: \"a\\nb\"\n\n"
        );
        assert_eq!(frame("x", None, &1), "event: x\ndata: 1\n\n");
    }
}
