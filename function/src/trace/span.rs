//! A span, or nothing where traces are off: then it costs nothing, and whatever is done with it does nothing.

use std::cell::Cell;
use std::time::SystemTime;

use http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, Value};
use opentelemetry_http::HeaderInjector;
use opentelemetry_sdk::propagation::TraceContextPropagator;

use super::{Parent, collector, names};
use crate::settings::Settings;

/// What became of a span that nothing became of: whatever it stood for was dropped.
const DROPPED: &str = "cancelled";

/// A span under way, unless nobody collects any.
#[derive(Debug, Default)]
pub struct Span(Option<Open>);

#[derive(Debug)]
struct Open {
    context: Context,
    has_ended: Cell<bool>,
}

impl Span {
    /// The first of ours in a trace.
    pub(super) fn root(
        settings: &Settings,
        name: &'static str,
        parent: &Parent,
        say: impl FnOnce() -> (SystemTime, Vec<KeyValue>),
    ) -> Self {
        let Some(tracer) = collector::tracer(settings) else {
            return Self(None);
        };
        let (began, attributes) = say();
        let builder = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Internal)
            .with_start_time(began)
            .with_attributes(attributes);
        Self::begin(tracer, builder, &parent.context())
    }

    /// One under it.
    pub(super) fn child(
        &self,
        name: impl FnOnce() -> String,
        kind: SpanKind,
        attributes: impl FnOnce() -> Vec<KeyValue>,
    ) -> Self {
        let (Some(open), Some(tracer)) = (&self.0, collector::existing()) else {
            return Self(None);
        };
        let builder = SpanBuilder::from_name(name())
            .with_kind(kind)
            .with_attributes(attributes());
        Self::begin(tracer, builder, &open.context)
    }

    fn begin(tracer: &collector::Tracer, builder: SpanBuilder, parent: &Context) -> Self {
        let span = tracer.build_with_context(builder, parent);
        Self(Some(Open {
            context: parent.with_span(span),
            has_ended: Cell::new(false),
        }))
    }

    /// The headers that tell whoever is asked of it.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(open) = &self.0 {
            let mut injector = HeaderInjector(&mut headers);
            TraceContextPropagator::new().inject_context(&open.context, &mut injector);
        }
        // Most often there is none, and a header without a value is not valid.
        if headers
            .get("tracestate")
            .is_some_and(|state| state.is_empty())
        {
            headers.remove("tracestate");
        }
        headers
    }

    /// Says something of it.
    pub(super) fn set(&self, name: &'static str, value: impl Into<Value>) {
        if let Some(open) = &self.0 {
            open.context
                .span()
                .set_attribute(KeyValue::new(name, value.into()));
        }
    }

    /// Ends it.
    pub(super) fn succeeded(&self) {
        self.end(None);
    }

    /// Ends it with one word for why.
    pub(super) fn failed(&self, kind: &str) {
        self.end(Some(kind));
    }

    fn end(&self, failure: Option<&str>) {
        let Some(open) = self.0.as_ref().filter(|open| !open.has_ended.replace(true)) else {
            return;
        };
        let span = open.context.span();
        if let Some(kind) = failure {
            span.set_attribute(KeyValue::new(names::ERROR_TYPE, kind.to_owned()));
            span.set_status(Status::error(kind.replace('_', " ").trim().to_owned()));
        }
        span.end();
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        self.end(Some(DROPPED));
    }
}
