//! A request's name: its caller's, if that is fit for a log, or one of ours.

use api::RequestId;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::new_request_id;

/// The header that it comes and goes in.
pub const HEADER: HeaderName = HeaderName::from_static(RequestId::HEADER);

/// The id that a request brings, or a new one.
pub fn of(headers: &HeaderMap) -> RequestId {
    let brought = headers.get(HEADER).and_then(|value| value.to_str().ok());
    brought
        .and_then(|id| RequestId::parse(id).ok())
        .unwrap_or_else(new_request_id)
}

/// The header's value.
pub fn value(id: &RequestId) -> HeaderValue {
    HeaderValue::from_str(id.as_str())
        .expect("letters, digits, dots and dashes are a header's value")
}
