//! Server-sent events as they are written: what one looks like, and the answer that carries them.
//! `api::sse` is the other side.

use std::convert::Infallible;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::stream;
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

/// Whoever has something to tell, piece by piece.
pub trait Teller: Send + 'static {
    /// Waits for what is to be written next; nothing when all is told.
    fn next(&mut self) -> impl Future<Output = Option<Bytes>> + Send;
}

/// An answer of events, which nobody on the way may keep or hold back.
pub fn stream(teller: impl Teller) -> Response {
    stream_as(EVENT_STREAM, teller)
}

/// The same in another form than server-sent events.
pub fn stream_as(media_type: &'static str, teller: impl Teller) -> Response {
    let pieces = stream::unfold(teller, |mut teller| async {
        let piece = teller.next().await?;
        Some((Ok::<_, Infallible>(piece), teller))
    });
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(pieces)).into_response()
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
