//! How the service says no.

use api::InvalidId;
use api::error::{ErrorBody, ErrorCode};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A refused request, on its way out.
#[derive(Debug)]
pub(super) struct Refusal(ErrorBody);

impl Refusal {
    pub(super) fn new(code: ErrorCode, error: impl Into<String>) -> Self {
        Self(ErrorBody::new(code, error))
    }

    /// Our fault: the caller learns that, the log learns why.
    pub(super) fn internal(doing: &str, error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "{doing}");
        Self::new(
            ErrorCode::Internal,
            format!("the python service failed in {doing}; its log says more"),
        )
    }
}

impl From<ErrorBody> for Refusal {
    fn from(body: ErrorBody) -> Self {
        Self(body)
    }
}

impl From<InvalidId> for Refusal {
    fn from(error: InvalidId) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        /// A run takes seconds, and the queue moves with each.
        const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");
        let code = self.0.code;
        let status =
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.0)).into_response();
        if code == ErrorCode::Busy {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        response
    }
}
