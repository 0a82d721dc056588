//! What a collector of traces wants as headers, in the form of OpenTelemetry's own environment variable.

use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;

/// The headers in `name=value,name=value`, where values may be percent-encoded; none if it is something else.
pub fn headers(text: &str) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let pairs = text.split(',').map(str::trim);
    pairs
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=')?;
            let name = HeaderName::from_bytes(name.trim().as_bytes()).ok()?;
            let value: Vec<u8> = percent_decode_str(value.trim()).collect();
            let mut value = HeaderValue::from_bytes(&value).ok()?;
            value.set_sensitive(true);
            Some((name, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_opentelemetry_writes_them() {
        let read = |text: &str| {
            let headers = headers(text)?.into_iter();
            let pair = |(name, value): (HeaderName, HeaderValue)| {
                format!("{name}: {}", value.to_str().unwrap())
            };
            Some(headers.map(pair).collect::<Vec<_>>().join("; "))
        };
        assert_eq!(read("").as_deref(), Some(""));
        assert_eq!(
            read("Authorization=Basic%20YQ==, x-team = a ,").as_deref(),
            Some("authorization: Basic YQ==; x-team: a")
        );
        for bad in ["secret", "a b=c", "a=%0a", "=x"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
