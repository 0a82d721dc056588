//! OpenTelemetry traces of executions, where a collector is set: what the spans are and what they say.
//!
//! A call is `execute_tool`; under it is a span for each question to a model and for each run, whose service or server
//! is told of it in `traceparent`. No span has code, output, or anything else that a program, a model or a caller
//! wrote, but for ids and the names of models.
//!
//! - [`parent`]: whose trace a request belongs to
//! - `names`: what things are called in traces
//! - [`span`]: a span that may not be there
//! - [`collector`]: where those go that have ended

pub mod collector;
mod names;
pub mod parent;
pub mod span;

use api::history::Status;
use api::python::{Finished, Outcome};
use api::tool::ToolMetadata;
use http::request::Builder;
use http::{HeaderMap, Uri};
use opentelemetry::trace::SpanKind;
use opentelemetry::{Array, KeyValue, StringValue, Value};
use serde::Serialize;

use crate::call::Call;
use crate::clock::Beginning;
use crate::model::{Completion, ModelError};
use crate::python::PythonServiceError;
use crate::settings::Settings;

pub use parent::Parent;
pub use span::Span;

/// A model server may say anything.
const MAX_NAME_CHARS: usize = 200;

/// The whole execution, since it began.
pub fn of_tool(settings: &Settings, call: &Call, beginning: &Beginning) -> Span {
    Span::root(settings, "execute_tool python_coder", &call.parent, || {
        let attributes = vec![
            KeyValue::new(names::GEN_AI_OPERATION_NAME, "execute_tool"),
            KeyValue::new(names::GEN_AI_TOOL_NAME, "python_coder"),
            KeyValue::new(names::GEN_AI_TOOL_TYPE, "function"),
            KeyValue::new(names::GEN_AI_TOOL_CALL_ID, call.execution_id.to_string()),
            conversation(call),
            KeyValue::new(names::MODE, settings.mode.as_str()),
        ];
        (beginning.time(), attributes)
    })
}

/// A question to the model.
pub fn of_question(tool: &Span, settings: &Settings, call: &Call, attempt: u32) -> Span {
    let model = &settings.model;
    tool.child(
        || format!("chat {model}"),
        SpanKind::Client,
        || {
            let mut attributes = server(&settings.llm_url);
            attributes.extend([
                KeyValue::new(names::GEN_AI_OPERATION_NAME, "chat"),
                // Whichever it is, it speaks as OpenAI's does.
                KeyValue::new(names::GEN_AI_PROVIDER_NAME, "openai"),
                KeyValue::new(names::GEN_AI_REQUEST_MODEL, model.clone()),
                conversation(call),
                KeyValue::new(names::ATTEMPT, i64::from(attempt)),
            ]);
            attributes
        },
    )
}

/// A run of a program in the python service.
pub fn of_run(tool: &Span, settings: &Settings, call: &Call, attempt: u32) -> Span {
    tool.child(
        || "run python".to_owned(),
        SpanKind::Client,
        || {
            let mut attributes = server(&settings.python_url);
            attributes.extend([
                KeyValue::new(names::HTTP_REQUEST_METHOD, "POST"),
                KeyValue::new(names::URL_TEMPLATE, "/v1/sessions/{session}/run"),
                conversation(call),
                KeyValue::new(names::ATTEMPT, i64::from(attempt)),
            ]);
            attributes
        },
    )
}

impl Span {
    /// The execution is over, or waits for a person.
    pub fn tool_ended(&self, status: Status, metadata: &ToolMetadata) {
        if let Some(outcome) = metadata.outcome {
            self.set(names::OUTCOME, outcome.as_str());
        }
        self.set(names::ATTEMPTS, i64::from(metadata.attempts));
        self.set(names::STATUS, status.as_str());
        let outcome = metadata.outcome.filter(|outcome| *outcome != Outcome::Ok);
        match status {
            Status::Succeeded | Status::AwaitingApproval => self.succeeded(),
            Status::Cancelled => self.failed(status.as_str()),
            _ => match (metadata.code, outcome) {
                (Some(code), _) => self.failed(&word(&code)),
                (None, Some(outcome)) => self.failed(outcome.as_str()),
                (None, None) => self.failed(names::OTHER),
            },
        }
    }

    /// The model replied, or did not.
    pub fn question_ended(&self, reply: &Result<Completion, ModelError>) {
        let completion = match reply {
            Ok(completion) => completion,
            Err(error) => return self.failed(error.kind()),
        };
        if !completion.tokens.estimated {
            let count = |tokens| i64::try_from(tokens).unwrap_or(i64::MAX);
            let (read, written) = (completion.tokens.prompt, completion.tokens.completion);
            self.set(names::GEN_AI_USAGE_INPUT_TOKENS, count(read));
            self.set(names::GEN_AI_USAGE_OUTPUT_TOKENS, count(written));
        }
        if let Some(model) = &completion.model {
            self.set(names::GEN_AI_RESPONSE_MODEL, bounded(model));
        }
        if let Some(reason) = &completion.finish_reason {
            let reasons = vec![StringValue::from(bounded(reason))];
            let reasons = Value::Array(Array::String(reasons));
            self.set(names::GEN_AI_RESPONSE_FINISH_REASONS, reasons);
        }
        self.succeeded();
    }

    /// The run came to its end, or did not.
    pub fn run_ended(&self, end: Result<&Finished, &PythonServiceError>) {
        match end {
            Err(error) => match error.kind() {
                Ok(kind) => self.failed(kind),
                Err(code) => {
                    let status = i64::from(code.status());
                    self.set(names::HTTP_RESPONSE_STATUS_CODE, status);
                    self.failed(&word(&code));
                }
            },
            Ok(finished) => {
                self.set(names::HTTP_RESPONSE_STATUS_CODE, 200);
                self.set(names::OUTCOME, finished.outcome.as_str());
                match finished.outcome {
                    Outcome::Ok => self.succeeded(),
                    other => self.failed(other.as_str()),
                }
            }
        }
    }
}

/// A request with these headers too.
pub fn with_all(mut request: Builder, headers: HeaderMap) -> Builder {
    for (name, value) in &headers {
        request = request.header(name, value);
    }
    request
}

/// The session, by the name that its owner knows.
fn conversation(call: &Call) -> KeyValue {
    KeyValue::new(
        names::GEN_AI_CONVERSATION_ID,
        call.session_id.id().to_owned(),
    )
}

fn server(url: &str) -> Vec<KeyValue> {
    let uri: Uri = url.parse().unwrap_or_default();
    let default = match uri.scheme_str() {
        Some("https") => 443,
        _ => 80,
    };
    let port = uri.port_u16().unwrap_or(default);
    vec![
        KeyValue::new(
            names::SERVER_ADDRESS,
            uri.host().unwrap_or_default().to_owned(),
        ),
        KeyValue::new(names::SERVER_PORT, i64::from(port)),
    ]
}

/// What the API calls it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => names::OTHER.to_owned(),
    }
}

fn bounded(text: &str) -> String {
    text.chars().take(MAX_NAME_CHARS).collect()
}
