//! Whose trace a request belongs to: its `traceparent`, if that is one.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;

/// The span of somebody else's that a request was made in, or none.
#[derive(Debug, Clone, Default)]
pub struct Parent(Option<Context>);

impl Parent {
    /// As a request says it. What is not exactly of the form that W3C's Trace Context has is not there.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut all = headers.get_all("traceparent").iter();
        let (Some(value), None) = (all.next(), all.next()) else {
            return Self(None);
        };
        if !value.to_str().is_ok_and(is_well_formed) {
            return Self(None);
        }
        let extractor = HeaderExtractor(headers);
        let context =
            TraceContextPropagator::new().extract_with_context(&Context::new(), &extractor);
        Self(context.span().span_context().is_valid().then_some(context))
    }

    /// Where its span stands in; the beginning of a trace where there is none.
    pub(super) fn context(&self) -> Context {
        self.0.clone().unwrap_or_default()
    }
}

impl PartialEq for Parent {
    fn eq(&self, other: &Self) -> bool {
        let span = |parent: &Self| parent.context().span().span_context().clone();
        span(self) == span(other)
    }
}

impl<S: Sync> FromRequestParts<S> for Parent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// The propagator takes shorter numbers too.
fn is_well_formed(value: &str) -> bool {
    let mut fields = value.split('-');
    [2, 32, 16, 2].into_iter().all(|length| {
        fields.next().is_some_and(|field| {
            let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
            field.len() == length && field.bytes().all(is_digit)
        })
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderName;

    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn parent(values: &[&str]) -> String {
        let header = |value: &&str| {
            (
                HeaderName::from_static("traceparent"),
                value.parse().unwrap(),
            )
        };
        let parent = Parent::of(&values.iter().map(header).collect());
        let context = parent.context();
        let span = context.span().span_context().clone();
        match span.is_valid() {
            true => format!(
                "{} {} {}",
                span.trace_id(),
                span.span_id(),
                span.is_sampled()
            ),
            false => String::new(),
        }
    }

    #[test]
    fn a_parent_is_taken_and_so_is_whether_it_is_sampled() {
        let ids = "0af7651916cd43dd8448eb211c80319c b7ad6b7169203331";
        assert_eq!(parent(&[GOOD]), format!("{ids} true"));
        assert_eq!(
            parent(&[&GOOD.replace("-01", "-00")]),
            format!("{ids} false")
        );
        // Of a later version, more may follow.
        let later = GOOD.replacen("00", "cc", 1) + "-what";
        assert_eq!(parent(&[&later]), format!("{ids} true"));
    }

    #[test]
    fn what_is_none_is_not_there() {
        let long = "a".repeat(10_000);
        let none = "00-00000000000000000000000000000000-b7ad6b7169203331-01";
        let no_span = "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01";
        let short = "00-1-1-01";
        let sign = "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let (upper, last) = (GOOD.to_uppercase(), GOOD.replacen("00", "ff", 1));
        let (more, bytes) = (format!("{GOOD}-1"), "00-é-é-01");
        for bad in [
            "", "-", "---", &long, none, no_span, short, sign, &upper, &last, &more, bytes,
        ] {
            assert_eq!(parent(&[bad]), "", "{bad}");
        }
        assert_eq!(parent(&[GOOD, GOOD]), "");
    }
}
