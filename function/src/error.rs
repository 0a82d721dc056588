//! The one place where everything that can go wrong becomes an answer: a status, a code, a line, a hint.

use api::error::{ErrorBody, ErrorCode};
use api::tool::{ToolData, ToolMetadata, ToolResponse};
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::call::BadCall;
use crate::cursor::BadPage;
use crate::filter::BadFilter;
use crate::history::HistoryError;
use crate::log;
use crate::model::ModelError;
use crate::python::PythonServiceError;
use crate::settings::Problem;

/// What a shell says of a command that it could not execute.
pub const NOT_RUN: i32 = 126;

/// A request that is refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What is said.
    pub body: ErrorBody,
    /// A header that goes with it.
    pub header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal without a hint.
    pub fn new(code: ErrorCode, error: impl Into<String>) -> Self {
        ErrorBody::new(code, error).into()
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.body = self.body.hint(hint);
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.header = HeaderValue::from_str(value).ok().map(|value| (name, value));
        self
    }

    /// Our own fault: `details` are for the log, not for the caller.
    pub fn internal(details: &dyn std::fmt::Display) -> Self {
        log::error(format!("internal error: {details}"));
        Self::new(ErrorCode::Internal, "something went wrong inside Vivarium")
            .hint("the function's log has the details")
    }

    /// How long the caller should wait, as in `Retry-After`.
    pub fn retry_after(&self) -> Option<String> {
        let (_, value) = self
            .header
            .as_ref()
            .filter(|(name, _)| *name == header::RETRY_AFTER)?;
        value.to_str().ok().map(str::to_owned)
    }

    /// The refusal in the shape of the tool's responses.
    pub fn tool_response(&self) -> ToolResponse {
        let ErrorBody { error, code, hint } = &self.body;
        let hint = hint
            .as_ref()
            .map(|hint| format!("\n\nHint: {hint}"))
            .unwrap_or_default();
        ToolResponse {
            success: false,
            answer: format!("The code was not run: {error}{hint}"),
            data: ToolData {
                returncode: NOT_RUN,
                ..ToolData::default()
            },
            metadata: ToolMetadata {
                code: Some(*code),
                ..ToolMetadata::default()
            },
            error: Some(error.clone()),
        }
    }
}

impl From<ErrorBody> for Refusal {
    fn from(body: ErrorBody) -> Self {
        Self { body, header: None }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = status(self.body.code);
        let mut response = (status, Json(&self.body)).into_response();
        // For those who say it in another form.
        response.extensions_mut().insert(self.body);
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

/// The HTTP status of a kind of refusal.
pub fn status(code: ErrorCode) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl From<BadCall> for Refusal {
    fn from(bad: BadCall) -> Self {
        Self::new(ErrorCode::BadRequest, bad.to_string())
    }
}

impl From<BadPage> for Refusal {
    fn from(bad: BadPage) -> Self {
        Self::new(ErrorCode::BadRequest, bad.to_string())
    }
}

impl From<BadFilter> for Refusal {
    fn from(bad: BadFilter) -> Self {
        let refusal = Self::new(ErrorCode::BadRequest, bad.to_string());
        match bad {
            BadFilter::Time { .. } => refusal.hint("in a URL, the `+` of a time is written `%2B`"),
            _ => refusal,
        }
    }
}

impl From<api::InvalidId> for Refusal {
    fn from(bad: api::InvalidId) -> Self {
        ErrorBody::from(bad).into()
    }
}

impl From<HistoryError> for Refusal {
    fn from(error: HistoryError) -> Self {
        Self::internal(&error)
    }
}

impl From<&[Problem]> for Refusal {
    fn from(problems: &[Problem]) -> Self {
        let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
        Self::new(ErrorCode::Misconfigured, all.join("; ")).hint(
            "set them with `SPIN_VARIABLE_<NAME>` or `--variable name=value`, and start again",
        )
    }
}

impl From<&ModelError> for Refusal {
    fn from(error: &ModelError) -> Self {
        Self::new(ErrorCode::ModelUnavailable, error.to_string()).hint(error.hint())
    }
}

impl From<PythonServiceError> for Refusal {
    fn from(error: PythonServiceError) -> Self {
        let message = error.to_string();
        match error {
            PythonServiceError::Refused { body, retry_after } => {
                let refusal = Self::from(body);
                match retry_after {
                    Some(after) => refusal.header(header::RETRY_AFTER, &after),
                    None => refusal,
                }
            }
            PythonServiceError::BrokeOff { .. } | PythonServiceError::Silent { .. } => {
                Self::new(ErrorCode::PythonUnavailable, message).hint(
                    "it may have been restarted; files written before are kept, so try again",
                )
            }
            PythonServiceError::Unreachable { .. } | PythonServiceError::Foreign { .. } => {
                Self::new(ErrorCode::PythonUnavailable, message).hint(
                    "run the application with `vivarium serve`, or start `vivarium python --listen 127.0.0.1:3001` \
                     and set `python_url` to http://127.0.0.1:3001",
                )
            }
        }
    }
}
