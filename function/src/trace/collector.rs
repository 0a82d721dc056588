//! Where spans go that have ended: they are gathered for a moment and sent by OTLP over HTTP, beside whatever else the
//! instance does. Nobody waits for that, and a collector that is down or slow costs nothing but the spans.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use futures::future::{Either, join, select};
use http::{Method, Request, header};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, SpanData, SpanProcessor};
use prost::Message as _;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::time::sleep;

use super::names;
use crate::log;
use crate::settings::{Settings, collector_headers};
use crate::spawned::start_spawned;

/// What ends within this goes together.
const GATHERED_WITHIN: Duration = Duration::from_millis(100);
/// A host gives a component that nobody waits for some seconds.
const SENT_WITHIN: Duration = Duration::from_secs(3);
/// After this, whoever comes next sends what there is.
const AT_IT_FOR: Duration = Duration::from_secs(5);
/// Spans that wait to be sent; any more are dropped.
const MAX_WAITING: usize = 2048;

/// What spans are made with.
pub(super) type Tracer = SdkTracer;

static TRACER: OnceLock<SdkTracer> = OnceLock::new();
static ENDED: Mutex<Vec<SpanData>> = Mutex::new(Vec::new());
static SENDING: AtomicBool = AtomicBool::new(false);
static COMPLAINED: AtomicBool = AtomicBool::new(false);

/// The instance's tracer, where a collector is set.
pub(super) fn tracer(settings: &Settings) -> Option<&'static Tracer> {
    settings.collector_url.as_ref()?;
    let tracer = TRACER.get_or_init(|| {
        let provider = SdkTracerProvider::builder()
            .with_resource(resource(settings))
            .with_span_processor(Gathering)
            .build();
        let scope =
            InstrumentationScope::builder("vivarium").with_version(env!("CARGO_PKG_VERSION"));
        provider.tracer_with_scope(scope.build())
    });
    Some(tracer)
}

/// The instance's tracer, if there was ever need of one.
pub(super) fn existing() -> Option<&'static Tracer> {
    TRACER.get()
}

fn resource(settings: &Settings) -> Resource {
    Resource::builder_empty()
        .with_service_name(settings.service_name.clone())
        .with_attribute(KeyValue::new(
            names::SERVICE_VERSION,
            env!("CARGO_PKG_VERSION"),
        ))
        .build()
}

/// Keeps spans that have ended.
#[derive(Debug)]
struct Gathering;

impl SpanProcessor for Gathering {
    fn on_start(&self, _: &mut opentelemetry_sdk::trace::Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        let mut ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.len() < MAX_WAITING {
            ended.push(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// While it lives, somebody sends.
struct Turn;

impl Turn {
    /// Nothing where it is another's.
    fn take() -> Option<Self> {
        (!SENDING.swap(true, Relaxed)).then_some(Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        SENDING.store(false, Relaxed);
    }
}

/// Sends the spans that have ended, unless somebody else does. For a task that nobody waits for any more.
pub async fn send(settings: &Settings) {
    let Some(url) = &settings.collector_url else {
        return;
    };
    let began = Instant::now();
    let Some(_turn) = Turn::take() else { return };
    while began.elapsed() < AT_IT_FOR && !is_empty() {
        sleep(GATHERED_WITHIN).await;
        let spans = std::mem::take(&mut *ENDED.lock().unwrap_or_else(PoisonError::into_inner));
        let sent = match select(pin!(post(settings, url, spans)), pin!(sleep(SENT_WITHIN))).await {
            Either::Left((sent, _)) => sent,
            Either::Right(_) => Err(format!("no answer within {} s", SENT_WITHIN.as_secs())),
        };
        match sent {
            Ok(()) => COMPLAINED.store(false, Relaxed),
            Err(why) if !COMPLAINED.swap(true, Relaxed) => {
                log::warn(format_args!("traces can't be sent to {url}: {why}"));
            }
            Err(_) => {}
        }
    }
}

fn is_empty() -> bool {
    ENDED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .is_empty()
}

async fn post(settings: &Settings, url: &str, spans: Vec<SpanData>) -> Result<(), String> {
    let resource = ResourceAttributesWithSchema::from(&resource(settings));
    let request = ExportTraceServiceRequest {
        resource_spans: group_spans_by_resource_and_scope(spans, &resource),
    };
    let body = request.encode_to_vec();
    let mut builder = Request::builder()
        .method(Method::POST)
        .uri(format!("{url}/v1/traces"))
        .header(header::CONTENT_TYPE, "application/x-protobuf")
        .header(header::CONTENT_LENGTH, body.len());
    for (name, value) in collector_headers(settings.collector_headers.expose()).unwrap_or_default()
    {
        builder = builder.header(name, value);
    }
    let request = builder
        .body(Body::from(body))
        .map_err(|error| error.to_string())?;
    // Sending spawns a task that writes the body.
    let (answer, ()) = join(spin_sdk::http::send(request), start_spawned()).await;
    let answer = answer.map_err(|code| crate::model::reason(&code))?;
    let status = answer.status();
    // What it says of it is not for us; read to its end, the connection is done with.
    let mut chunks = answer.into_body().stream();
    while futures::StreamExt::next(&mut chunks).await.is_some() {}
    match status.is_success() {
        true => Ok(()),
        false => Err(format!("status {}", status.as_u16())),
    }
}
