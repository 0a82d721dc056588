//! The tool call, `POST /api/tools/python_coder`. Existing agents parse these names and shapes: more
//! fields may be added, none renamed, retyped or removed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::files::FileInfo;
use crate::history::Status;
use crate::python::{LimitHit, MimeBundle, Outcome, Truncated};

/// What an agent sends. Only `code` is required; unknown fields are ignored.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolRequest {
    /// Python source; in openinterpreter mode also an instruction.
    pub code: String,
    /// The session to run in; a new one when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Seconds the run may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<f64>,
    /// Why the agent calls; kept in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<ToolContext>,
    /// What `input()` reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<String>,
}

/// What the agent was about when it called.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolContext {
    /// What the person asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_query: Option<String>,
    /// What the agent thought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_thought: Option<String>,
}

/// What an agent gets, for a program that ran (HTTP 200, whether it succeeded or failed) and for a
/// request that was refused (4xx, 5xx).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolResponse {
    /// Whether the program came to its end without an error.
    pub success: bool,
    /// Text to put into the agent's context as it is.
    pub answer: String,
    /// The same in parts.
    pub data: ToolData,
    /// Times and circumstances.
    pub metadata: ToolMetadata,
    /// One line, when `success` is false.
    pub error: Option<String>,
}

/// What the run left.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolData {
    /// Standard output, up to the limit.
    pub stdout: String,
    /// Standard error, with the traceback of an exception at its end.
    pub stderr: String,
    /// Every file in the workspace, keyed by its path there.
    pub files: BTreeMap<String, FileInfo>,
    /// Where the files are, as the operator sees it: `data/scratch/{session_id}`.
    pub workspace: String,
    /// As a shell would have it.
    pub returncode: i32,
    /// Final expression, figures, displayed objects.
    #[serde(default)]
    pub results: Vec<MimeBundle>,
    /// The limit that ended the run, where one did.
    #[serde(default)]
    pub limit: Option<LimitHit>,
    /// What was dropped.
    #[serde(default)]
    pub truncated: Truncated,
    /// Code that a model wrote and that waits for a person's approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_code: Option<String>,
}

/// Times are seconds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolMetadata {
    /// The whole call.
    pub execution_time: f64,
    /// The program alone.
    pub code_execution_time: f64,
    /// Which executor ran it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// How the run ended; absent where nothing ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// How many times code was run.
    #[serde(default)]
    pub attempts: u32,
    /// The session, also when the request named none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Where the history has it: `GET /api/executions/{id}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution_id: Option<String>,
    /// The linear memory at its largest, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// Why the request was refused, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// How the execution stands. In openinterpreter mode; [`Status::AwaitingApproval`] where code waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Attempts after the first. In openinterpreter mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// What the model read and wrote. In openinterpreter mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// The model that was asked, or would have been. In openinterpreter mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// What a call with `?background=true` is answered with (HTTP 202): it has begun, and goes on whether or not anybody
/// asks for it. `GET /api/executions/{id}` says how it stands, `GET /api/executions/{id}/events` follows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Its id.
    pub execution_id: String,
    /// Its session.
    pub session_id: String,
    /// [`Status::Running`].
    pub status: Status,
}

/// What a model read and wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Read.
    pub prompt: u64,
    /// Written.
    pub completion: u64,
    /// Both.
    pub total: u64,
    /// Whether any of it was estimated, since the server did not say.
    pub estimated: bool,
}

impl Tokens {
    /// Tokens as a server counted them.
    pub fn counted(prompt: u64, completion: u64) -> Self {
        Self {
            prompt,
            completion,
            total: prompt.saturating_add(completion),
            estimated: false,
        }
    }

    /// The sum of two counts.
    pub fn plus(self, more: Self) -> Self {
        Self {
            estimated: self.estimated || more.estimated,
            ..Self::counted(
                self.prompt.saturating_add(more.prompt),
                self.completion.saturating_add(more.completion),
            )
        }
    }
}

/// `POST /api/executions/{id}/approve`: lets the code run that waits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Approval {
    /// Runs instead of the code that was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code that was seen: where other code waits by now, the decision comes too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_code: Option<String>,
}

/// `POST /api/executions/{id}/reject`: has the model write something else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rejection {
    /// Why; the model reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The code that was seen: where other code waits by now, the decision comes too late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_code: Option<String>,
}

/// The two executors. There is no fallback from one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Runs the code once.
    Native,
    /// A model writes, runs, reads the error and repairs.
    OpenInterpreter,
}

impl Mode {
    /// As settings and the database have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::OpenInterpreter => "openinterpreter",
        }
    }

    /// As a person reads it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Native => "Native",
            Self::OpenInterpreter => "OpenInterpreter",
        }
    }
}

/// `GET /api/tools`: what a model may be given to call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ToolList {
    /// There is one.
    pub tools: Vec<Tool>,
}

/// A tool, in the shape of OpenAI's function calling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tool {
    /// `function`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it does and takes.
    pub function: FunctionSchema,
}

/// A function that a model can call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FunctionSchema {
    /// `python_coder`.
    pub name: String,
    /// Written for a model.
    pub description: String,
    /// A JSON schema.
    pub parameters: serde_json::Value,
}
