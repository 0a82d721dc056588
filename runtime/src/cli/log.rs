//! Where the log goes. What is for a person at the terminal is text; the python service's own log has one JSON object a
//! line, in the shape of the function's.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::OnceLock;

use anyhow::Context as _;
use jiff::Timestamp;
use runtime::cache::create_private_dir;
use runtime::python::service::request_id;
use serde::Serialize;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt as layer};

/// What the python service has to say.
const PYTHON: &str = "runtime::python";

/// The python service's log, where it has a file.
static FILE: OnceLock<File> = OnceLock::new();

/// Begins to log: text to standard error, of which `RUST_LOG` says how much, and what the python service does to
/// its file once [`keep`] has said which.
pub(crate) fn start() {
    let text = layer::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_filter(chosen("warn"));
    let lines = layer::layer()
        .with_writer(|| ToFile)
        .event_format(Lines)
        .with_filter(Targets::new().with_target(PYTHON, LevelFilter::INFO));
    tracing_subscriber::registry().with(text).with(lines).init();
}

/// Begins to log for the python service alone: lines to standard error.
pub(crate) fn start_lines() {
    let lines = layer::layer()
        .with_writer(io::stderr)
        .event_format(Lines)
        .with_filter(chosen("warn,runtime::python=info"));
    tracing_subscriber::registry().with(lines).init();
}

/// Keeps the python service's log below a data folder.
pub(crate) fn keep(data: &Path) -> anyhow::Result<()> {
    let path = data.join("logs/python.log");
    let open = || {
        create_private_dir(&data.join("logs"))?;
        File::options().create(true).append(true).open(&path)
    };
    let file = open().with_context(|| format!("can't write `{}`", path.display()))?;
    // A process has one python service.
    _ = FILE.set(file);
    Ok(())
}

fn chosen(default: &str) -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default))
}

/// Each line comes in one write.
struct ToFile;

impl io::Write for ToFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match FILE.get() {
            Some(mut file) => file.write_all(line).map(|()| line.len()),
            None => Ok(line.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes an event as a JSON object in a line.
struct Lines;

#[derive(Serialize)]
struct Line {
    time: String,
    level: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(flatten)]
    fields: BTreeMap<&'static str, Value>,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut found = Found::default();
        event.record(&mut found);
        let line = Line {
            time: format!("{:.3}", Timestamp::now()),
            level: event.metadata().level().as_str().to_lowercase(),
            message: found.take("message").unwrap_or_default(),
            request_id: found.take("request_id").or_else(request_id),
            fields: found.0,
        };
        let line = serde_json::to_string(&line).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

/// An event's fields.
#[derive(Default)]
struct Found(BTreeMap<&'static str, Value>);

impl Found {
    fn take(&mut self, name: &str) -> Option<String> {
        match self.0.remove(name)? {
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }
}

impl Visit for Found {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.insert(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.into());
    }

    /// With all that caused it.
    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let causes = std::iter::successors(Some(value), |error| error.source());
        let all: Vec<_> = causes.map(ToString::to_string).collect();
        self.0.insert(field.name(), all.join(": ").into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}").into());
    }
}
