//! A request's name: its caller's, if that is fit for a log, or one of ours.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use crate::clock::new_request_id;

/// The header that it comes and goes in.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// A caller's own ids are as long as that at most.
const MAX_LENGTH: usize = 128;

/// 1 to 128 of `A-Z a-z 0-9 . _ -`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// A caller's id, or nothing if it has anything else in it.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let valid = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(allowed);
        valid.then(|| Self(text.to_owned()))
    }

    /// The id that a request brings, or a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        let brought = headers.get(HEADER).and_then(|value| value.to_str().ok());
        brought
            .and_then(Self::parse)
            .unwrap_or_else(|| Self(new_request_id()))
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The header's value.
    pub fn value(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0)
            .expect("letters, digits, dots and dashes are a header's value")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_fit_for_a_log_is_an_id() {
        let longest = "x".repeat(MAX_LENGTH);
        for good in ["a", "Az09._-", "9b2e-4", &longest] {
            assert_eq!(RequestId::parse(good).unwrap().as_str(), good);
        }
        let too_long = format!("{longest}x");
        for bad in ["", " a", "a b", "a\"b", "a\n", "ä", "a/b", &too_long] {
            assert_eq!(RequestId::parse(bad), None, "{bad}");
        }
    }
}
