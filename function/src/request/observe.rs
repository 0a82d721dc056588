//! What is around every answer: the request's id, and its line in the log when the answer has gone out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use api::error::ErrorBody;
use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use http::{Method, StatusCode};

use super::{Entered, HEADER, Request, id, within};
use crate::log;

/// Answers a request under its id.
pub async fn observe<B, F: Future<Output = Response>>(
    request: http::Request<B>,
    answer: impl FnOnce(http::Request<B>) -> F,
) -> Response {
    let current = Arc::new(Request::new(id::of(request.headers())));
    let mut line = Line {
        request: current.clone(),
        began: Instant::now(),
        method: request.method().clone(),
        path: request.uri().path().to_owned(),
        status: None,
        is_answered: false,
    };
    let mut response = within(Some(current.clone()), answer(request)).await;
    response
        .headers_mut()
        .insert(HEADER, id::value(&current.id));
    line.status = Some(response.status());
    if let Some(refused) = response.extensions().get::<ErrorBody>() {
        let code = refused.code;
        current.change(|facts| facts.code = Some(code));
    }
    response.map(|body| Body::new(Observed { body, line }))
}

/// The line, written when it is dropped: with the body, or before that if the caller does not wait for one.
struct Line {
    request: Arc<Request>,
    began: Instant,
    method: Method,
    path: String,
    status: Option<StatusCode>,
    is_answered: bool,
}

impl Drop for Line {
    fn drop(&mut self) {
        let facts = self.request.change(|facts| {
            facts.is_written = true;
            facts.clone()
        });
        log::request(&log::Answered {
            request_id: &self.request.id,
            method: &self.method,
            path: &self.path,
            status: self.status,
            is_answered: self.is_answered,
            took: self.began.elapsed(),
            facts: &facts,
        });
    }
}

/// A body that is written for its request, and knows whether it went out whole.
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
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let _entered = Entered::new(Some(self.line.request.clone()));
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(None) = frame {
            self.line.is_answered = true;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        // Nobody asks a body for more that says that it is at its end.
        self.line.is_answered |= self.body.is_end_stream();
    }
}
