//! Answers without an end: a server that is told to stop can't wait for them.

use axum::body::Body;
use axum::response::Response;
use futures::StreamExt as _;
use http::{Method, header};
use tokio_util::sync::CancellationToken;

/// Ends an answer of events when the server stops, if somebody only looks at them. What a caller has done for him
/// is asked for with another method, and is let finish though it tells of itself in events.
pub(super) fn until_stopped(
    method: &Method,
    response: Response,
    stopping: CancellationToken,
) -> Response {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let events = content_type.is_some_and(|value| value.as_bytes() == b"text/event-stream");
    if method != Method::GET || !events {
        return response;
    }
    response.map(|body| {
        let stopped = stopping.cancelled_owned();
        Body::from_stream(body.into_data_stream().take_until(stopped))
    })
}
