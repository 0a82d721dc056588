//! A collector of traces: OTLP over real HTTP, on a port of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, any_value};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{Span as Sent, status::StatusCode};
use prost::Message as _;

use super::model_server::Connection;
use super::server::{Server, Setup};
use super::until;

/// How often the python service sends what it has, in milliseconds; by default it would be five seconds.
const SEND_EVERY: (&str, &str) = ("OTEL_BSP_SCHEDULE_DELAY", "100");
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// A collector that answers until the test ends.
pub(crate) struct Collector {
    address: SocketAddr,
    received: Arc<Mutex<Received>>,
}

#[derive(Default)]
struct Received {
    spans: Vec<Span>,
    headers: Vec<(String, String)>,
    bytes: Vec<u8>,
}

/// A span that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) service: String,
    pub(crate) name: String,
    pub(crate) trace_id: String,
    pub(crate) id: String,
    /// Empty where it has none.
    pub(crate) parent_id: String,
    /// As OTLP counts them: 1 is internal, 2 a server's, 3 a client's.
    pub(crate) kind: i32,
    /// Nanoseconds since 1970.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// What is said of it, as text.
    pub(crate) attributes: BTreeMap<String, String>,
    /// What its status says, where that is an error.
    pub(crate) error: Option<String>,
}

impl Collector {
    /// One that takes everything.
    pub(crate) fn start() -> Self {
        Self::slow(Duration::ZERO)
    }

    /// One that takes so long for each answer.
    pub(crate) fn slow(pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let address = listener.local_addr().expect("it is bound");
        let received: Arc<Mutex<Received>> = Arc::default();
        let shared = received.clone();
        // The thread ends with the process, which is soon enough for a test.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                std::thread::spawn(move || serve(Connection::new(stream), &shared, pause));
            }
        });
        Self { address, received }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A server that sends its traces here.
    pub(crate) fn watching(&self, setup: Setup) -> Setup {
        setup
            .environment("OTEL_EXPORTER_OTLP_ENDPOINT", &self.url())
            .environment(SEND_EVERY.0, SEND_EVERY.1)
    }

    /// One that needs no settings of its own.
    pub(crate) fn server(&self) -> Server {
        self.watching(Server::with()).start()
    }

    /// Every span so far.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let received = self.received.lock().expect("no other thread panics");
        received.spans.clone()
    }

    /// All that was ever sent, byte by byte.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let received = self.received.lock().expect("no other thread panics");
        received.bytes.clone()
    }

    /// Every header of every request, in lower case.
    pub(crate) fn headers(&self) -> Vec<(String, String)> {
        let received = self.received.lock().expect("no other thread panics");
        received.headers.clone()
    }

    /// Waits for that many spans; there are to be no more.
    #[track_caller]
    pub(crate) fn wait(&self, count: usize) -> Trace {
        let enough = || {
            let spans = self.spans();
            (spans.len() >= count).then_some(spans)
        };
        let (spans, _) = until(&format!("{count} spans"), enough);
        let trace = Trace(spans);
        assert_eq!(trace.0.len(), count, "{trace}");
        trace
    }
}

fn serve(mut connection: Connection, received: &Mutex<Received>, pause: Duration) {
    let Some(request) = connection.request() else {
        return;
    };
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/v1/traces")
    );
    let export = ExportTraceServiceRequest::decode(request.body.as_slice()).expect("it is OTLP");
    let spans = export.resource_spans.into_iter().flat_map(|of_resource| {
        let service = service(of_resource.resource);
        let scopes = of_resource.scope_spans.into_iter();
        scopes
            .flat_map(|scope| scope.spans)
            .map(move |span| Span::new(service.clone(), span))
    });
    {
        let mut received = received.lock().expect("no other thread panics");
        received.spans.extend(spans);
        let headers = request.headers.into_iter();
        received
            .headers
            .extend(headers.map(|(name, value)| (name.to_lowercase(), value)));
        received.bytes.extend(request.body);
    }
    std::thread::sleep(pause);
    connection.write(ANSWER);
}

fn service(resource: Option<Resource>) -> String {
    let attributes = resource.map(|resource| resource.attributes);
    let mut attributes = attributes.into_iter().flatten();
    let name = attributes.find(|attribute| attribute.key == "service.name");
    text(name.and_then(|name| name.value))
}

impl Span {
    fn new(service: String, sent: Sent) -> Self {
        let attributes = sent.attributes.into_iter();
        let status = sent.status.unwrap_or_default();
        let is_error = status.code == StatusCode::Error as i32;
        Self {
            service,
            name: sent.name,
            trace_id: hex(&sent.trace_id),
            id: hex(&sent.span_id),
            parent_id: hex(&sent.parent_span_id),
            kind: sent.kind,
            start: sent.start_time_unix_nano,
            end: sent.end_time_unix_nano,
            attributes: attributes
                .map(|attribute| (attribute.key, text(attribute.value)))
                .collect(),
            error: is_error.then_some(status.message),
        }
    }

    /// What is said of it by this name; empty where nothing is.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(value: Option<AnyValue>) -> String {
    match value.and_then(|value| value.value) {
        Some(any_value::Value::StringValue(text)) => text,
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        Some(any_value::Value::ArrayValue(array)) => {
            let texts: Vec<_> = array
                .values
                .into_iter()
                .map(|one| text(Some(one)))
                .collect();
            texts.join(",")
        }
        Some(other) => format!("{other:?}"),
        None => String::new(),
    }
}

/// The spans of one trace.
pub(crate) struct Trace(pub(crate) Vec<Span>);

impl Trace {
    /// Those of this name, in the order in which they began.
    pub(crate) fn all(&self, name: &str) -> Vec<&Span> {
        let mut all: Vec<_> = self.0.iter().filter(|span| span.name == name).collect();
        all.sort_by_key(|span| span.start);
        all
    }

    /// The one of this name.
    #[track_caller]
    pub(crate) fn one(&self, name: &str) -> &Span {
        match self.all(name).as_slice() {
            [one] => one,
            other => panic!("{} spans are called `{name}`\n{self}", other.len()),
        }
    }

    /// Asserts that a span is under another, also in time.
    #[track_caller]
    pub(crate) fn is_under(&self, child: &Span, parent: &Span) {
        assert_eq!(
            (&child.trace_id, &child.parent_id),
            (&parent.trace_id, &parent.id),
            "{self}"
        );
        assert!(
            parent.start <= child.start,
            "{} begins before\n{self}",
            child.name
        );
        assert!(
            child.start <= child.end,
            "{} ends early\n{self}",
            child.name
        );
        assert!(child.end <= parent.end, "{} ends after\n{self}", child.name);
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#?}", self.0)
    }
}
