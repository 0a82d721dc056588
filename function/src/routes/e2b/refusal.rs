//! Refusals as E2B's SDK reads them: `{"code": 400, "message": "..."}`, and in its Connect services
//! `{"code": "invalid_argument", "message": "..."}`.

use api::error::{ErrorBody, ErrorCode};
use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::error::Refusal;

/// A refusal with a status that is none of ours.
pub(super) fn with_status(refusal: Refusal, status: StatusCode) -> Response {
    let mut response = refusal.into_response();
    *response.status_mut() = status;
    response
}

/// Something of E2B's that there is not.
pub(super) fn not_served(path: &str) -> Response {
    let message = format!("Vivarium does not serve E2B's `{path}`");
    let hint = "the README's section on E2B's SDK says what works and what does not";
    let refusal = Refusal::new(ErrorCode::NotFound, message).hint(hint);
    with_status(refusal, StatusCode::NOT_IMPLEMENTED)
}

/// Says a refusal as the HTTP APIs do.
pub(super) async fn as_rest(response: Response) -> Response {
    said(response, |status| status.as_u16().into())
}

/// Says a refusal as Connect does.
pub(super) async fn as_connect(response: Response) -> Response {
    said(response, |status| connect_code(status).into())
}

fn said(response: Response, code: impl FnOnce(StatusCode) -> Value) -> Response {
    let Some(ErrorBody { error, hint, .. }) = response.extensions().get::<ErrorBody>() else {
        return response;
    };
    let message = match hint {
        Some(hint) => format!("{error}; {hint}"),
        None => error.clone(),
    };
    let body = Json(json!({ "code": code(response.status()), "message": message }));
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body.into_response().into_body())
}

fn connect_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "invalid_argument",
        401 => "unauthenticated",
        403 => "permission_denied",
        404 => "not_found",
        429 | 507 => "resource_exhausted",
        501 => "unimplemented",
        502 | 503 => "unavailable",
        _ => "internal",
    }
}
