//! What is around every answer: the request's id, which its caller may bring, and its line in the log.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use api::RequestId;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};

const HEADER: HeaderName = HeaderName::from_static(RequestId::HEADER);

tokio::task_local! {
    static CURRENT: Option<Arc<Current>>;
}

/// A request, as long as anything works for it.
struct Current {
    id: RequestId,
    /// How its run ended, where it has one.
    outcome: OnceLock<&'static str>,
}

/// The id of the request that this task works for, if it does for any.
pub fn request_id() -> Option<String> {
    current().map(|current| current.id.to_string())
}

/// Notes how the current request's run ended.
pub(super) fn note_end(outcome: &'static str) {
    if let Some(current) = current() {
        // A run ends once.
        _ = current.outcome.set(outcome);
    }
}

fn current() -> Option<Arc<Current>> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Has a task of its own work for the current request.
pub(super) fn carry_on<F: Future>(future: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(current(), future)
}

/// Has a thread of its own work for the current request.
pub(super) fn carry_over<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let current = current();
    move || CURRENT.sync_scope(current, work)
}

/// Answers a request under its id.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let current = Arc::new(Current {
        id: brought(request.headers()).unwrap_or_else(new_id),
        outcome: OnceLock::new(),
    });
    let mut line = Line {
        current: current.clone(),
        began: Instant::now(),
        method: request.method().clone(),
        path: request.uri().path().to_owned(),
        status: None,
        is_answered: false,
    };
    let mut response = CURRENT
        .scope(Some(current.clone()), next.run(request))
        .await;
    let id = HeaderValue::from_str(current.id.as_str());
    let id = id.expect("letters, digits, dots and dashes are a header's value");
    response.headers_mut().insert(HEADER, id);
    line.status = Some(response.status());
    response.map(|body| Body::new(Observed { body, line }))
}

/// A caller's id, if it is fit for a log.
fn brought(headers: &HeaderMap) -> Option<RequestId> {
    RequestId::parse(headers.get(HEADER)?.to_str().ok()?).ok()
}

/// For callers that have no ids: the time in microseconds, and a count for those of the same one.
fn new_id() -> RequestId {
    use std::sync::atomic::{AtomicU16, Ordering};
    static COUNT: AtomicU16 = AtomicU16::new(0);
    let us = jiff::Timestamp::now().as_microsecond();
    let count = COUNT.fetch_add(1, Ordering::Relaxed) & 0xfff;
    RequestId::parse(&format!("{us:013x}{count:03x}")).expect("hexadecimal digits are a request id")
}

/// The line, written when it is dropped: with the body, or before that if the caller does not wait for one.
struct Line {
    current: Arc<Current>,
    began: Instant,
    method: Method,
    path: String,
    status: Option<StatusCode>,
    is_answered: bool,
}

impl Drop for Line {
    fn drop(&mut self) {
        let status = self.status.unwrap_or_default();
        // There would be many lines of these, and they say nothing.
        if status.is_success() && matches!(&*self.path, "/v1/health" | "/metrics") {
            return;
        }
        let (request_id, outcome) = (
            self.current.id.as_str(),
            self.current.outcome.get().copied(),
        );
        let (method, path) = (self.method.as_str(), &*self.path);
        let status = self.status.map(|status| status.as_u16());
        let duration_ms = (self.began.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        // Of a run nobody need read more than its end.
        let message = match self.is_answered || outcome.is_some() {
            true => "answered",
            false => "the caller hung up",
        };
        if status.is_some_and(|status| status >= 500) {
            tracing::error!(
                request_id,
                method,
                path,
                status,
                duration_ms,
                outcome,
                "{message}"
            );
        } else {
            tracing::info!(
                request_id,
                method,
                path,
                status,
                duration_ms,
                outcome,
                "{message}"
            );
        }
    }
}

/// A body that knows whether it went out whole.
struct Observed {
    body: Body,
    line: Line,
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(None) = frame {
            self.line.is_answered = true;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        // Nobody asks a body for more that says that it is at its end.
        self.line.is_answered |= self.body.is_end_stream();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_fit_for_a_log_is_an_id() {
        let id = |value: &str| {
            let headers = HeaderMap::from_iter([(HEADER, value.parse().unwrap())]);
            brought(&headers).map(String::from)
        };
        assert_eq!(id("Az0.9_-").as_deref(), Some("Az0.9_-"));
        for bad in ["", "a b", "a\"b", &"x".repeat(RequestId::MAX_LENGTH + 1)] {
            assert_eq!(id(bad), None, "{bad}");
        }
        assert!(brought(&HeaderMap::new()).is_none());
        assert_ne!(new_id(), new_id());
    }
}
