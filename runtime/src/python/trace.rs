//! OpenTelemetry traces of the python service, where `OTEL_EXPORTER_OTLP_ENDPOINT` is set: of each run, what it waited
//! and what it took. Without it nothing of this does anything.
//!
//! - `client`: how they are sent

mod client;

use std::sync::OnceLock;
use std::time::Duration;

use api::python::{Finished, Outcome};
use http::{HeaderMap, StatusCode};
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, Value, global};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;

/// The variable that says where a collector is.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
/// What the service is called, unless `OTEL_SERVICE_NAME` says otherwise.
const SERVICE: &str = "vivarium-python";
const ROUTE: &str = "/v1/sessions/{session}/run";
const ERROR_TYPE: &str = "error.type";
const STATUS_CODE: &str = "http.response.status_code";
/// How long the end of the process may take for it.
const LAST_WORDS: Duration = Duration::from_secs(2);

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Begins to send traces, if the environment says where to.
pub fn start() -> Result<(), ExporterBuildError> {
    if std::env::var(ENDPOINT).is_ok_and(|url| !url.trim().is_empty()) && PROVIDER.get().is_none() {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client::Client::here())
            .build()?;
        let named = std::env::var("OTEL_SERVICE_NAME").is_ok_and(|name| !name.is_empty());
        let mut resource = Resource::builder();
        if !named {
            resource = resource.with_service_name(SERVICE);
        }
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.with_attribute(version).build())
            .with_batch_exporter(exporter)
            .build();
        global::set_tracer_provider(provider.clone());
        // Nobody else starts any.
        let _ = PROVIDER.set(provider);
    }
    Ok(())
}

/// Sends what there is. Blocks for a moment.
pub fn stop() {
    if let Some(provider) = PROVIDER.get()
        && let Err(error) = provider.shutdown_with_timeout(LAST_WORDS)
    {
        tracing::warn!(%error, "the last traces were not sent");
    }
}

/// A span under way; it ends when it is dropped.
pub(crate) struct Span(Context);

impl Span {
    /// The request for a run, in the caller's trace if it names one.
    pub(crate) fn of_request(headers: &HeaderMap, session: &str) -> Self {
        let parent = match PROVIDER.get() {
            Some(_) => TraceContextPropagator::new()
                .extract_with_context(&Context::new(), &HeaderExtractor(headers)),
            None => Context::new(),
        };
        let builder = || {
            SpanBuilder::from_name(format!("POST {ROUTE}"))
                .with_kind(SpanKind::Server)
                .with_attributes([
                    KeyValue::new("http.request.method", "POST"),
                    KeyValue::new("http.route", ROUTE),
                    KeyValue::new("url.path", ROUTE.replace("{session}", session)),
                    KeyValue::new("url.scheme", "http"),
                ])
        };
        Self::begin(&parent, builder)
    }

    /// One under it.
    pub(crate) fn child(&self, name: &'static str) -> Self {
        Self::begin(&self.0, || SpanBuilder::from_name(name))
    }

    fn begin(parent: &Context, builder: impl FnOnce() -> SpanBuilder) -> Self {
        if PROVIDER.get().is_none() {
            return Self(Context::new());
        }
        let span = global::tracer("vivarium").build_with_context(builder(), parent);
        Self(parent.with_span(span))
    }

    /// The answer to the request has this status.
    pub(crate) fn answered(&self, status: StatusCode) {
        self.set(STATUS_CODE, i64::from(status.as_u16()));
        if status.is_server_error() {
            self.failed(status.as_u16().to_string());
        }
    }

    /// The program has come to its end.
    pub(crate) fn ran(&self, finished: &Finished) {
        let outcome = finished.outcome.as_str();
        self.set("vivarium.outcome", outcome);
        self.set("process.exit.code", i64::from(finished.returncode));
        let bytes = i64::try_from(finished.peak_memory_bytes).unwrap_or(i64::MAX);
        self.set("vivarium.peak_memory_bytes", bytes);
        if finished.outcome != Outcome::Ok {
            self.failed(outcome.to_owned());
        }
    }

    /// It never got to its turn.
    pub(crate) fn cancelled(&self) {
        self.failed(Outcome::Cancelled.as_str().to_owned());
    }

    /// Ends it.
    pub(crate) fn end(&self) {
        self.0.span().end();
    }

    fn set(&self, name: &'static str, value: impl Into<Value>) {
        self.0.span().set_attribute(KeyValue::new(name, value));
    }

    fn failed(&self, kind: String) {
        self.0.span().set_status(Status::error(kind.clone()));
        self.set(ERROR_TYPE, kind);
    }
}
