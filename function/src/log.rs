//! The function's log: on standard error, one JSON object a line. The python service writes lines of the same shape.
//!
//! Never a token, code, a prompt, or what follows the `?` of an address.

use std::fmt::Display;
use std::io::Write as _;
use std::time::Duration;

use api::RequestId;
use http::{Method, StatusCode};
use serde::Serialize;

use crate::clock::{now_ms, timestamp};
use crate::request::{self, Facts};

/// Characters of a path that are kept.
const MAX_PATH: usize = 512;

/// How much somebody should care.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Info,
    Warn,
    Error,
}

/// A line; what is not there is left out.
#[derive(Serialize)]
struct Line<'a, F> {
    time: String,
    level: Level,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a RequestId>,
    #[serde(flatten)]
    fields: F,
}

/// Something went wrong that costs nobody his answer.
pub fn warn(message: impl Display) {
    complain(Level::Warn, &message.to_string());
}

/// Something went wrong that should not.
pub fn error(message: impl Display) {
    complain(Level::Error, &message.to_string());
}

fn complain(level: Level, message: &str) {
    let request = request::current();
    let id = request.as_ref().map(|request| &request.id);
    write(level, message, id, ());
}

/// A request that is over.
pub struct Answered<'a> {
    /// Its id.
    pub request_id: &'a RequestId,
    /// Its method.
    pub method: &'a Method,
    /// Its path.
    pub path: &'a str,
    /// What it was answered with, if it was.
    pub status: Option<StatusCode>,
    /// Whether the whole answer went out.
    pub is_answered: bool,
    /// How long that took.
    pub took: Duration,
    /// What else is known.
    pub facts: &'a Facts,
}

#[derive(Serialize)]
struct RequestFields<'a> {
    method: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    duration_ms: f64,
    #[serde(flatten)]
    facts: &'a Facts,
}

/// Says how a request was answered.
pub fn request(answered: &Answered<'_>) {
    let status = answered.status.unwrap_or_default();
    if status.as_u16() < 400 && is_noise(answered.path) {
        return;
    }
    let level = match status.is_server_error() {
        true => Level::Error,
        false => Level::Info,
    };
    let message = match answered.is_answered {
        true => "answered",
        false => "the caller hung up",
    };
    // What a caller sends is ASCII here, or HTTP would not have taken it.
    let path = answered.path.get(..MAX_PATH).unwrap_or(answered.path);
    let fields = RequestFields {
        method: answered.method.as_str(),
        path,
        status: answered.status.map(|status| status.as_u16()),
        duration_ms: ms(answered.took.as_secs_f64()),
        facts: answered.facts,
    };
    write(level, message, Some(answered.request_id), fields);
}

#[derive(Serialize)]
struct ExecutionFields<'a> {
    duration_ms: f64,
    #[serde(flatten)]
    facts: &'a Facts,
}

/// Says how an execution ended whose request was over before.
pub fn execution(id: &RequestId, facts: &Facts, seconds: f64) {
    let fields = ExecutionFields {
        duration_ms: ms(seconds),
        facts,
    };
    write(Level::Info, "the execution ended", Some(id), fields);
}

/// Whether there would be many lines of it that say nothing.
fn is_noise(path: &str) -> bool {
    path.starts_with("/assets/") || matches!(path, "/api/health" | "/metrics")
}

fn ms(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e3
}

fn write(level: Level, message: &str, request_id: Option<&RequestId>, fields: impl Serialize) {
    let line = Line {
        time: format!("{:.3}", timestamp(now_ms())),
        level,
        message,
        request_id,
        fields,
    };
    let mut text = serde_json::to_vec(&line).expect("a line is JSON");
    text.push(b'\n');
    // In one write; and if that fails there is nobody to tell.
    _ = std::io::stderr().write_all(&text);
}
