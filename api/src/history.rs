//! Sessions, executions and attempts: what `GET /api/sessions` and its neighbours answer.
//!
//! A session has executions, an execution has attempts. Lists are newest first and paged: pass
//! `next_cursor` of a page as `cursor` to get the one after it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::python::{LimitHit, MimeBundle, Outcome, PythonError, Truncated};
use crate::tool::{Mode, Tokens, ToolContext};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// At most `limit` of them.
    pub items: Vec<T>,
    /// Where the next page begins; absent on the last.
    pub next_cursor: Option<String>,
}

/// A session, in a list and by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// Its id.
    pub session_id: String,
    /// When its first execution began.
    pub created_at: Timestamp,
    /// When its latest execution began.
    pub updated_at: Timestamp,
    /// How many executions it has.
    pub executions: u64,
    /// How the latest execution stands.
    pub last_status: Option<Status>,
    /// Which executor ran it.
    pub last_mode: Option<Mode>,
    /// Its code's or instruction's first 200 characters.
    pub preview: Option<String>,
    /// Bytes in the workspace after the latest execution or upload; absent where that is not known.
    pub workspace_bytes: Option<u64>,
    /// Files in it.
    pub workspace_files: Option<u64>,
    /// Its workspace, as the operator sees it.
    pub workspace: String,
}

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Under way.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended otherwise: the program's fault, or a limit.
    Failed,
    /// The caller hung up.
    Cancelled,
    /// The system went down while it ran.
    Interrupted,
    /// It was never run: our fault or the configuration's.
    Refused,
    /// Code that a model wrote waits for a person: `POST /api/executions/{id}/approve` or `/reject`.
    AwaitingApproval,
}

impl Status {
    /// As the database has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
            Self::Refused => "refused",
            Self::AwaitingApproval => "awaiting_approval",
        }
    }
}

/// An execution in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExecutionSummary {
    /// Its id.
    pub execution_id: String,
    /// The session it ran in.
    pub session_id: String,
    /// Which executor ran it.
    pub mode: Mode,
    /// How it stands.
    pub status: Status,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Seconds, the whole call.
    pub execution_time: Option<f64>,
    /// How many attempts it took so far.
    pub attempts: u32,
    /// The code's or instruction's first 200 characters.
    pub preview: String,
    /// One line, when it failed.
    pub error: Option<String>,
}

/// `GET /api/executions/{id}`: an execution with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Execution {
    /// What the list has.
    #[serde(flatten)]
    pub summary: ExecutionSummary,
    /// What the agent sent, whole.
    pub code: String,
    /// The seconds that it asked for; none where it left the limit to the settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<f64>,
    /// What `input()` read, whole; none where it was empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<String>,
    /// Why the agent called.
    pub context: Option<ToolContext>,
    /// The model; none in native mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// What the model read and wrote in all attempts; none in native mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// The code that waits for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed_code: Option<String>,
    /// In order.
    pub attempt_list: Vec<Attempt>,
}

/// One attempt: the code that ran last in it, and in openinterpreter mode what led to that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// The code that ran.
    pub code: String,
    /// The file it was kept in.
    pub script_name: String,
    /// When it began.
    pub started_at: Timestamp,
    /// How it ended; absent while it runs, and where it was interrupted.
    pub outcome: Option<Outcome>,
    /// As a shell would have it.
    pub returncode: Option<i32>,
    /// Up to the limit.
    pub stdout: String,
    /// Up to the limit.
    pub stderr: String,
    /// Final expression, figures, displayed objects.
    pub results: Vec<MimeBundle>,
    /// What went wrong.
    pub error: Option<PythonError>,
    /// The limit that ended it.
    pub limit: Option<LimitHit>,
    /// What was dropped.
    pub truncated: Truncated,
    /// Seconds, the program alone.
    pub code_execution_time: Option<f64>,
    /// Linear memory at its largest.
    pub peak_memory_bytes: Option<u64>,
    /// Paths of the files it made or changed.
    pub changed_files: Vec<String>,
    /// What ran before `code` in the same attempt, in order: each ended well, and the model went on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What was sent to the model and what came back, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// How `code` differs from the code of the attempt before: a unified diff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

impl Attempt {
    /// One of which nothing is known yet but its code.
    pub fn new(number: u32, code: String, script_name: String, started_at: Timestamp) -> Self {
        Self {
            number,
            code,
            script_name,
            started_at,
            outcome: None,
            returncode: None,
            stdout: String::new(),
            stderr: String::new(),
            results: Vec::new(),
            error: None,
            limit: None,
            truncated: Truncated::default(),
            code_execution_time: None,
            peak_memory_bytes: None,
            changed_files: Vec::new(),
            steps: Vec::new(),
            exchanges: Vec::new(),
            diff: None,
        }
    }
}

/// A run that ended well and was not the last of its attempt.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// The code that ran.
    pub code: String,
    /// The file it was kept in.
    pub script_name: String,
    /// Up to the limit.
    pub stdout: String,
    /// Up to the limit.
    pub stderr: String,
    /// Final expression, figures, displayed objects.
    pub results: Vec<MimeBundle>,
    /// What was dropped.
    pub truncated: Truncated,
    /// Seconds, the program alone.
    pub code_execution_time: f64,
    /// Paths of the files it made or changed.
    pub changed_files: Vec<String>,
}

/// One request to the model and its reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Exchange {
    /// When it was sent.
    pub started_at: Timestamp,
    /// Seconds until the reply was whole.
    pub seconds: f64,
    /// What was sent.
    pub messages: Vec<Message>,
    /// What came back, as far as it came.
    pub reply: String,
    /// What was read and written.
    pub tokens: Tokens,
    /// Why there is no whole reply, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A message to a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// Whose.
    pub role: Role,
    /// Its text.
    pub content: String,
}

/// Who says something to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// We, of how to work.
    System,
    /// We, of what to do.
    User,
    /// The model itself.
    Assistant,
}

/// `GET /api/logs/prompts`: one block of the prompt log with what it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PromptLogEntry {
    /// The execution.
    pub execution_id: String,
    /// Its session.
    pub session_id: String,
    /// Which executor ran it.
    pub mode: Mode,
    /// How it stands.
    pub status: Status,
    /// When it began.
    pub started_at: Timestamp,
    /// The block, as in `prompts.log`.
    pub text: String,
}
