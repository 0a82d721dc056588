//! The body of a refused request, on every route but the tool call (which keeps its own shape).

use serde::{Deserialize, Serialize};

use crate::InvalidId;

/// A refused request: what was wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[error("{error}")]
pub struct ErrorBody {
    /// One line for a person.
    pub error: String,
    /// One word for a program.
    pub code: ErrorCode,
    /// What to do, where there is something to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// The kinds of refusal. One place, [`ErrorCode::status`], maps them to HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request is malformed: bad JSON, a missing field, a bad id, a path that leaves the workspace.
    BadRequest,
    /// A token is needed and was not given, or is wrong.
    Unauthorized,
    /// It is understood and not allowed.
    Forbidden,
    /// There is no such route, session, execution or file.
    NotFound,
    /// The route exists and has no such method.
    MethodNotAllowed,
    /// The state of the resource forbids it.
    Conflict,
    /// The body is larger than the route takes.
    TooLarge,
    /// The range asked for lies outside the file.
    RangeNotSatisfiable,
    /// The workspace's limit of bytes or files is reached.
    WorkspaceFull,
    /// As many runs are waiting as may; try again after `Retry-After`.
    Busy,
    /// The settings can't work; an operator must change something.
    Misconfigured,
    /// The python service can't be reached or broke off.
    PythonUnavailable,
    /// The model server can't be reached, refused, or gave no usable reply.
    ModelUnavailable,
    /// Our fault; the log has more.
    Internal,
}

impl ErrorCode {
    /// The HTTP status.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::RangeNotSatisfiable => 416,
            Self::Busy => 429,
            Self::Internal => 500,
            Self::PythonUnavailable | Self::ModelUnavailable => 502,
            Self::Misconfigured => 503,
            Self::WorkspaceFull => 507,
        }
    }
}

impl From<InvalidId> for ErrorBody {
    fn from(bad: InvalidId) -> Self {
        Self::new(ErrorCode::BadRequest, bad.to_string())
    }
}

impl ErrorBody {
    /// A refusal without a hint.
    pub fn new(code: ErrorCode, error: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            code,
            hint: None,
        }
    }

    /// Adds what to do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
