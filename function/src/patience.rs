//! Answering a call that may take long, to a caller who may hang up.
//!
//! A component is not told that its caller has gone; it finds out when it writes. So an answer that takes
//! longer than a moment begins at once and beats: a space, which JSON allows before a value, until the value is
//! there. When a beat can't be delivered the body is dropped, and with it the receiver of the outcome, which
//! tells the one who works.

mod background;
mod streaming;

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use api::error::ErrorCode;
use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::channel::oneshot;
use futures::future::{Either, select};
use futures::stream;
use http::{HeaderValue, StatusCode, header};
use spin_sdk::time::sleep;

use crate::error::{Refusal, status};
use crate::execution::Done;
use crate::request;

pub use background::receipt;
pub use streaming::{Events, Wire, stream, tell};

/// How long an answer may take before it begins to beat, and the time between two beats. A run must stop
/// within 100 ms of its caller's hanging up.
pub const BEAT: Duration = Duration::from_millis(50);

/// Waits for the outcome and answers with it. As long as the call may yet be refused with a status of its own,
/// nothing is sent: `accepted` tells when that is over.
pub async fn answer(
    mut outcome: oneshot::Receiver<Done>,
    accepted: oneshot::Receiver<()>,
) -> Response {
    match select(&mut outcome, accepted).await {
        Either::Left((done, _)) => return plain(done.unwrap_or_else(|_| lost())),
        Either::Right((Ok(()), _)) => {}
        // It never will be accepted: the refusal is on its way.
        Either::Right((Err(_), _)) => return plain(outcome.await.unwrap_or_else(|_| lost())),
    }
    match select(&mut outcome, pin!(sleep(BEAT))).await {
        Either::Left((done, _)) => plain(done.unwrap_or_else(|_| lost())),
        Either::Right(_) => beating(outcome, body),
    }
}

/// A whole answer, with its status and length.
pub fn plain(done: Done) -> Response {
    let code = done.response.metadata.code;
    request::note(|facts| facts.code = code);
    let status = code.map_or(StatusCode::OK, status);
    let mut response = (status, Json(done.response)).into_response();
    if let Some(after) = done
        .retry_after
        .and_then(|after| HeaderValue::from_str(&after).ok())
    {
        response.headers_mut().insert(header::RETRY_AFTER, after);
    }
    response
}

/// An answer that beats until its body can be written.
pub fn beating(
    outcome: oneshot::Receiver<Done>,
    body: impl Fn(Done) -> Bytes + Clone + Send + 'static,
) -> Response {
    let beat = Bytes::from_static(b" ");
    let first = stream::iter([Ok::<_, Infallible>(beat.clone())]);
    let rest = stream::unfold(Some(outcome), move |outcome| {
        let (beat, body) = (beat.clone(), body.clone());
        async move {
            let mut outcome = outcome?;
            match select(&mut outcome, pin!(sleep(BEAT))).await {
                Either::Left((done, _)) => Some((Ok(body(done.unwrap_or_else(|_| lost()))), None)),
                Either::Right(_) => Some((Ok(beat), Some(outcome))),
            }
        }
    });
    let body = Body::from_stream(futures::StreamExt::chain(first, rest));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn body(done: Done) -> Bytes {
    serde_json::to_vec(&done.response)
        .expect("wire types are JSON")
        .into()
}

/// The worker is gone without a word, which it never should be.
pub fn lost() -> Done {
    Done::without_run(&Refusal::new(ErrorCode::Internal, "the execution was lost"))
}
