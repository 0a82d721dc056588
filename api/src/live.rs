//! What happens, as it happens: server-sent events, each with its JSON as `data` and its word as `event`.
//!
//! - `POST /api/tools/python_coder` with `Accept: text/event-stream`, and `GET /api/executions/{id}/events`:
//!   [`LiveEvent`], one execution
//! - `GET /api/events`: [`Changes`], the history. Without `Accept: text/event-stream` it answers at once with
//!   what changed since `?cursor=`, for those who would rather ask again.

use serde::{Deserialize, Serialize};

use crate::history::ExecutionSummary;
use crate::python::MimeBundle;
use crate::tool::{Mode, ToolResponse};

/// What happens in an execution. The first is `started`, the last is `finished`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LiveEvent {
    /// It is recorded, and will run.
    Started {
        /// Its id.
        execution_id: String,
        /// Its session.
        session_id: String,
        /// Which executor runs it.
        mode: Mode,
    },
    /// A program is about to run. In native mode there is one.
    Attempt {
        /// Of the attempt, from 1; an attempt may run several programs.
        number: u32,
        /// The program.
        code: String,
        /// Why there is another: the error of the attempt before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Text the program wrote.
    Stdout {
        /// A piece of it, in order.
        text: String,
    },
    /// The same for standard error.
    Stderr {
        /// A piece of it, in order.
        text: String,
    },
    /// Something to show.
    Result(MimeBundle),
    /// What a model writes, as it comes.
    Model {
        /// A piece of it, in order.
        text: String,
    },
    /// The end, with what the plain call answers.
    Finished(Box<ToolResponse>),
}

impl LiveEvent {
    /// Its word, as in the field `event`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Started { .. } => "started",
            Self::Attempt { .. } => "attempt",
            Self::Stdout { .. } => "stdout",
            Self::Stderr { .. } => "stderr",
            Self::Result(_) => "result",
            Self::Model { .. } => "model",
            Self::Finished(_) => "finished",
        }
    }
}

/// What changed in the history since a cursor.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// What to ask with next: everything up to here is known. Also the `id` of the event.
    pub cursor: String,
    /// So much changed that it is not told: read anew what is shown.
    #[serde(default)]
    pub reset: bool,
    /// Executions that began or stand otherwise than before, as they stand now.
    pub executions: Vec<ExecutionSummary>,
    /// Sessions that were deleted, or that came with a file rather than an execution.
    pub sessions: Vec<String>,
}
