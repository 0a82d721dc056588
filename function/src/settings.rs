//! The settings in force: read from Spin variables, all checked together, and all problems told at once.

mod collector;
mod offline;
mod origins;
mod parse;
mod secret;
mod shown;
pub mod table;
mod tokens;

use api::tool::Mode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use collector::headers as collector_headers;
pub use origins::ANY as ANY_ORIGIN;
pub use parse::Problem;
pub use secret::Secret;
pub use tokens::Tokens;

use parse::Reader;
use tokens::BadLine;

/// Seconds. Below it a run could not even begin.
const MIN_TIMEOUT_SECONDS: f64 = 0.1;
/// A day, in seconds.
const MAX_TIMEOUT_SECONDS: f64 = 86_400.0;
const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
/// An idle interpreter with all packages has about 230 MiB of linear memory (which instances share), and a
/// program needs some of its own.
const MIN_MEMORY_BYTES: u64 = 256 * MIB;
/// All that 32-bit memory can address.
const MAX_MEMORY_BYTES: u64 = 4096 * MIB;

/// As a limit on calls, more than any machine could take. Each call of the last minute is looked at.
const MAX_CALLS: u32 = 1_000_000;

/// What is shorter is a word for show, as some model servers want one, and is not to be struck out of programs.
const MIN_SECRET_BYTES: usize = 7;
/// What stands where a secret was.
const REDACTED: &str = "[redacted]";

/// Every setting, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Which executor runs tool calls.
    pub mode: Mode,
    /// How long a run may take when its request does not say.
    pub timeout_ms: u64,
    /// The most a request may ask for.
    pub max_timeout_ms: u64,
    /// Kept of each of stdout and stderr.
    pub max_output_bytes: u64,
    /// Memory of a run.
    pub memory_bytes: u64,
    /// Bytes of a workspace.
    pub workspace_max_bytes: u64,
    /// Files and folders of a workspace.
    pub workspace_max_files: u64,
    /// The python service, without a slash at its end.
    pub python_url: String,
    /// Attempts in openinterpreter mode.
    pub max_retries: u32,
    /// Whether only near model servers may be called.
    pub offline: bool,
    /// Whether a model's code runs without approval.
    pub auto_run: bool,
    /// Whether code is checked before it runs.
    pub safe_mode: bool,
    /// Who writes the first attempt.
    pub retry_strategy: RetryStrategy,
    /// Tokens of an execution, read and written by the model.
    pub max_tokens: u64,
    /// The model.
    pub model: String,
    /// The model server, without a slash at its end.
    pub llm_url: String,
    /// Its key.
    pub llm_api_key: Secret,
    /// One of these is what every API call needs, unless there is none.
    pub tokens: Tokens,
    /// Where pages come from that may call, beside the dashboard: origins, or [`ANY_ORIGIN`] alone.
    pub cors_origins: Vec<String>,
    /// Tool calls of a token at once; none where there is no limit.
    pub max_concurrent_calls: Option<u32>,
    /// Tool calls of a token in a minute; none where there is no limit.
    pub max_calls_per_minute: Option<u32>,
    /// Where traces go, without a slash at its end; none where there are to be none.
    pub collector_url: Option<String>,
    /// What the collector wants as headers, as [`collector_headers`] reads it.
    pub collector_headers: Secret,
    /// What the function is called in traces.
    pub service_name: String,
}

/// Who writes the first attempt in openinterpreter mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryStrategy {
    /// The caller, where what it sent is Python; the model is asked when that fails.
    Auto,
    /// The model, as every other.
    Model,
}

impl RetryStrategy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Model => "model",
        }
    }
}

impl Settings {
    /// Reads the settings through `lookup`, which knows variables by name; what it does not know has its
    /// default. Fails with everything that is wrong.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(lookup);
        let settings = Self::read(&mut reader);
        let problems = reader.into_problems();
        match settings {
            Some(settings) if problems.is_empty() => Ok(settings),
            _ => Err(problems),
        }
    }

    /// Reads everything before it gives up on anything, so that every problem is found.
    fn read<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Self> {
        let mode = reader.read(
            "python_executor_mode",
            "'native' or 'openinterpreter'",
            |value| match value {
                "native" => Some(Mode::Native),
                "openinterpreter" => Some(Mode::OpenInterpreter),
                _ => None,
            },
        );
        let seconds = MIN_TIMEOUT_SECONDS..=MAX_TIMEOUT_SECONDS;
        let max_timeout = reader.number("python_executor_max_timeout", seconds, "seconds");
        let timeout = reader.number(
            "python_executor_timeout",
            MIN_TIMEOUT_SECONDS..=max_timeout.unwrap_or(MAX_TIMEOUT_SECONDS),
            "seconds",
        );
        let max_output_bytes =
            reader.number("python_executor_max_output_size", KIB..=64 * MIB, "bytes");
        let memory_bytes = reader.number(
            "python_executor_memory",
            MIN_MEMORY_BYTES..=MAX_MEMORY_BYTES,
            "bytes, of which the interpreter itself needs about 230 MiB,",
        );
        let workspace_max_bytes =
            reader.number("python_workspace_max_bytes", MIB..=i64::MAX as u64, "bytes");
        let workspace_max_files =
            reader.number("python_workspace_max_files", 1..=i64::MAX as u64, "files");
        let python_url = reader.url("python_url");
        let max_retries = reader.number("python_coder_max_retries", 1..=20, "attempts");
        let offline = reader.flag("python_coder_openinterpreter_offline");
        let auto_run = reader.flag("python_coder_openinterpreter_auto_run");
        let safe_mode = reader.flag("python_coder_openinterpreter_safe_mode");
        let retry_strategy = reader.read(
            "python_coder_retry_strategy",
            "'auto' or 'model'",
            |value| match value {
                "auto" => Some(RetryStrategy::Auto),
                "model" => Some(RetryStrategy::Model),
                _ => None,
            },
        );
        let max_tokens = reader.number("python_coder_max_tokens", 1..=i64::MAX as u64, "tokens");
        let model = reader.read("python_coder_model", "a model's name", |value| {
            (!value.is_empty()).then(|| value.to_owned())
        });
        let llm_url = reader.url("llm_url");
        if offline == Some(true)
            && let Some(url) = llm_url.as_deref().filter(|url| !offline::is_near(url))
        {
            reader.refuse("llm_url", url, offline::ALLOWED);
        }
        let (collector_url, collector_headers) = Self::collector(reader, offline);
        let tokens = Self::tokens(reader);
        let cors_origins = reader.read("cors_origins", origins::ALLOWED, origins::parse);
        let calls = 0..=MAX_CALLS;
        let max_concurrent = reader.number("api_max_concurrent", calls.clone(), "calls");
        let max_per_minute = reader.number("api_max_calls_per_minute", calls, "calls");
        Some(Self {
            mode: mode?,
            timeout_ms: milliseconds(timeout?),
            max_timeout_ms: milliseconds(max_timeout?),
            max_output_bytes: max_output_bytes?,
            memory_bytes: memory_bytes?,
            workspace_max_bytes: workspace_max_bytes?,
            workspace_max_files: workspace_max_files?,
            python_url: python_url?,
            max_retries: max_retries?,
            offline: offline?,
            auto_run: auto_run?,
            safe_mode: safe_mode?,
            retry_strategy: retry_strategy?,
            max_tokens: max_tokens?,
            model: model?,
            llm_url: llm_url?,
            llm_api_key: Secret::new(reader.text("llm_api_key").trim().to_owned()),
            tokens: tokens?,
            cors_origins: cors_origins?,
            max_concurrent_calls: max_concurrent.filter(|calls| *calls > 0),
            max_calls_per_minute: max_per_minute.filter(|calls| *calls > 0),
            collector_url,
            collector_headers,
            service_name: reader.text("otel_service_name").trim().to_owned(),
        })
    }

    fn collector<F: Fn(&str) -> Option<String>>(
        reader: &mut Reader<F>,
        offline: Option<bool>,
    ) -> (Option<String>, Secret) {
        let name = "otel_exporter_otlp_endpoint";
        let is_set = !reader.text(name).trim().is_empty();
        let url = is_set.then(|| reader.url(name)).flatten();
        // The host would not let it through.
        if offline == Some(true)
            && let Some(url) = url.as_deref().filter(|url| !offline::is_near(url))
        {
            reader.refuse(name, url, offline::ALLOWED);
        }
        let name = "otel_exporter_otlp_headers";
        let headers = reader.text(name);
        if collector_headers(&headers).is_none() {
            reader.refuse(name, "(a secret)", "pairs such as `name=value,name=value`");
        }
        (url, Secret::new(headers))
    }

    fn tokens<F: Fn(&str) -> Option<String>>(reader: &mut Reader<F>) -> Option<Tokens> {
        let unnamed = Secret::new(reader.text("api_token").trim().to_owned());
        let read = Tokens::parse(unnamed, &reader.text("api_tokens"));
        let complain = |bad: Vec<BadLine>| {
            for BadLine { number, allowed } in bad {
                reader.refuse("api_tokens", &format!("line {number}"), allowed);
            }
        };
        read.map_err(complain).ok()
    }

    /// The secrets that are set and long enough to be any, to be struck out of what is told and kept.
    pub fn secrets(&self) -> Vec<&str> {
        std::iter::once(&self.llm_api_key)
            .chain(self.tokens.secrets())
            .map(Secret::expose)
            .filter(|secret| secret.len() >= MIN_SECRET_BYTES)
            .collect()
    }

    /// A text without the secrets that are set.
    pub fn redacted(&self, text: &str) -> String {
        strike(text, self.secrets())
    }

    /// The same for all the texts in a value, where a model had a part in them: whoever it is may give back what it
    /// was sent. What programs do without a model has never seen a secret.
    pub fn redacted_all<T: Serialize + DeserializeOwned + Clone>(&self, value: &T) -> T {
        if self.mode == Mode::Native || self.secrets().is_empty() {
            return value.clone();
        }
        let mut json = serde_json::to_value(value).expect("wire types are JSON");
        self.redact_json(&mut json);
        // A secret that is one of our own words, such as a mode's name, would change what the value is.
        serde_json::from_value(json).unwrap_or_else(|_| value.clone())
    }

    fn redact_json(&self, json: &mut Value) {
        match json {
            Value::String(text) => *text = self.redacted(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact_json(item)),
            Value::Object(fields) => {
                let redacted = std::mem::take(fields).into_iter().map(|(name, mut field)| {
                    self.redact_json(&mut field);
                    (self.redacted(&name), field)
                });
                *fields = redacted.collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Milliseconds as the seconds that people read and write: `30`, `0.5`.
pub fn seconds(ms: u64) -> String {
    (ms as f64 / 1000.0).to_string()
}

fn strike<'a>(text: &str, secrets: impl IntoIterator<Item = &'a str>) -> String {
    let mut secrets: Vec<_> = secrets.into_iter().collect();
    // One may be a part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.iter().fold(text.to_owned(), |text, secret| {
        text.replace(secret, REDACTED)
    })
}

fn milliseconds(seconds: f64) -> u64 {
    (seconds * 1000.0).round() as u64
}

#[cfg(test)]
mod tests;
