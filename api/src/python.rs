//! The python service's protocol.
//!
//! | route | what |
//! |---|---|
//! | `POST /v1/sessions/{id}/run` | [`RunRequest`]; answers `application/x-ndjson`, one [`RunEvent`] a line, as they happen |
//! | `GET /v1/sessions/{id}/files` | [`crate::files::FileList`] |
//! | `GET`, `HEAD`, `PUT`, `DELETE /v1/sessions/{id}/files/{path}` | one file |
//! | `DELETE /v1/sessions/{id}` | the workspace, with all in it |
//! | `GET /v1/health` | [`Health`] |
//! | `GET /metrics` | counts and times, in Prometheus' text format |
//!
//! Every answer has the header `X-Request-Id`: the request's own, or a new one ([`crate::RequestId`]). Closing the
//! connection cancels the run. A refused request has an [`crate::error::ErrorBody`]. A queue that is full answers 429 with
//! `Retry-After`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::files::FileEntry;

/// The media type of a stream of events.
pub const NDJSON: &str = "application/x-ndjson";

/// The `PUT` header that carries [`RunRequest::workspace_max_bytes`] for an upload.
pub const MAX_BYTES_HEADER: &str = "vivarium-workspace-max-bytes";
/// The `PUT` header that carries [`RunRequest::workspace_max_files`] for an upload.
pub const MAX_FILES_HEADER: &str = "vivarium-workspace-max-files";

/// The header of a run's answer that says [`DEADLINE_OF_CALLER`] where the service leaves it to its caller to end a
/// program that computes past its time: who closes the connection ends it.
pub const DEADLINE_HEADER: &str = "vivarium-deadline";
/// What it says then.
pub const DEADLINE_OF_CALLER: &str = "caller";

/// A program to run, and the limits it runs under.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunRequest {
    /// Python source.
    pub code: String,
    /// The file that the source is kept in, in the workspace; tracebacks name it.
    pub script_name: String,
    /// What `input()` and `sys.stdin` read.
    #[serde(default)]
    pub stdin: String,
    /// Wall-clock time, from the start of the program.
    pub timeout_ms: u64,
    /// Linear memory, the interpreter's own included.
    pub memory_bytes: u64,
    /// Kept of each of stdout and stderr.
    pub max_output_bytes: u64,
    /// Bytes of the workspace and the run's `/tmp` together.
    pub workspace_max_bytes: u64,
    /// Files and folders of the workspace and the run's `/tmp` together.
    pub workspace_max_files: u64,
    /// Runs in an empty workspace that is gone afterwards: the session's files are neither seen nor changed.
    #[serde(default)]
    pub scratch: bool,
    /// Runs among the session's files and can change none of them: not even the source is written there. There must
    /// be a workspace. A scratch run has none to see.
    #[serde(default)]
    pub read_only: bool,
}

/// What happens in a run, in order. The first is `started`, the last is `finished`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RunEvent {
    /// The program left the queue and begins.
    Started,
    /// Text the program wrote; invalid UTF-8 is replaced with U+FFFD.
    Stdout {
        /// A piece of it, in order.
        text: String,
    },
    /// The same for standard error.
    Stderr {
        /// A piece of it, in order.
        text: String,
    },
    /// Something to show: the value of the final expression, a figure, a displayed object.
    Result(MimeBundle),
    /// The end.
    Finished(Finished),
}

/// One thing, in every form it can be shown in, keyed by media type. Text is text; images are base64.
pub type MimeBundle = BTreeMap<String, String>;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Finished {
    /// In one word.
    pub outcome: Outcome,
    /// As a shell would have it: 0, 1 after an exception, what the program gave `sys.exit`, 124 after a
    /// timeout, 137 out of memory, 130 cancelled, 134 crashed.
    pub returncode: i32,
    /// What went wrong, unless `outcome` is `ok`.
    pub error: Option<PythonError>,
    /// The limit that ended it, where one did.
    pub limit: Option<LimitHit>,
    /// Wall-clock time of the program, without queueing and set-up.
    pub code_ms: f64,
    /// The linear memory at its largest, the interpreter's own included.
    pub peak_memory_bytes: u64,
    /// What was dropped.
    pub truncated: Truncated,
    /// Every file of the workspace after the run, ordered by path.
    pub files: Vec<FileEntry>,
    /// Whether the source is Python: where it is not, nothing of it ran, and `error` is the syntax error.
    #[serde(default = "compiled")]
    pub compiled: bool,
}

fn compiled() -> bool {
    true
}

/// How a run ended, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It came to its end, or called `sys.exit()` with nothing, `None` or 0.
    Ok,
    /// An exception that nothing caught.
    Exception,
    /// `sys.exit` or `os._exit` with another status.
    Exit,
    /// The deadline.
    Timeout,
    /// The memory limit.
    Memory,
    /// The workspace's limit of bytes or files, with nothing to catch the `OSError`.
    Disk,
    /// The caller hung up, or the service is stopping.
    Cancelled,
    /// The interpreter itself came down: a trap, an exhausted stack.
    Crashed,
}

impl Outcome {
    /// As JSON has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Exception => "exception",
            Self::Exit => "exit",
            Self::Timeout => "timeout",
            Self::Memory => "memory",
            Self::Disk => "disk",
            Self::Cancelled => "cancelled",
            Self::Crashed => "crashed",
        }
    }
}

/// A Python exception, or what stands for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PythonError {
    /// `ZeroDivisionError`; `Timeout`, `OutOfMemory`, `Cancelled` or `Crashed` where no exception was raised.
    pub name: String,
    /// `str(exception)`, bounded.
    pub value: String,
    /// As Python prints it, ending in a newline; empty where there is none.
    pub traceback: String,
    /// What helps to mend it and is in no traceback: the columns of the DataFrames, where one was missing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub context: String,
}

/// What was dropped because a limit of output was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Truncated {
    /// Bytes of standard output.
    pub stdout_bytes: u64,
    /// Bytes of standard error.
    pub stderr_bytes: u64,
    /// Whole results.
    pub results: u64,
}

/// A limit that was hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitHit {
    /// Which.
    pub name: Limit,
    /// Its value, in the limit's own unit.
    pub value: u64,
    /// What happened, the value, and the setting that raises it.
    pub message: String,
}

/// The limits of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Milliseconds of wall-clock time.
    Timeout,
    /// Bytes of memory.
    Memory,
    /// Bytes of the workspace.
    WorkspaceBytes,
    /// Files of the workspace.
    WorkspaceFiles,
}

impl LimitHit {
    /// The limit with the message that every part of the system shows for it.
    pub fn new(name: Limit, value: u64) -> Self {
        let message = match name {
            Limit::Timeout => format!(
                "stopped at the time limit of {} s; ask for more with the request's `timeout`, or raise `python_executor_timeout` \
                 (at most `python_executor_max_timeout`)",
                value as f64 / 1000.0
            ),
            Limit::Memory => format!(
                "out of memory: the limit is {value} bytes ({} MiB); raise `python_executor_memory`",
                value >> 20
            ),
            Limit::WorkspaceBytes => format!(
                "the workspace is full: the limit is {value} bytes; delete files, or raise `python_workspace_max_bytes`"
            ),
            Limit::WorkspaceFiles => format!(
                "the workspace is full: the limit is {value} files; delete files, or raise `python_workspace_max_files`"
            ),
        };
        Self {
            name,
            value,
            message,
        }
    }
}

/// `GET /v1/health`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = PythonHealth))]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// When this service started: whatever began before was interrupted.
    pub started_at: Timestamp,
    /// The interpreter and what is in it.
    pub image: ImageInfo,
    /// Runs at once, at most.
    pub max_concurrent: u64,
    /// Runs under way.
    pub running: u64,
    /// Runs waiting.
    pub queued: u64,
}

/// What the interpreter's image holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageInfo {
    /// `3.15.0`.
    pub python_version: String,
    /// Installed packages with their versions.
    pub packages: BTreeMap<String, String>,
    /// Packages and modules that are imported already, so that importing them costs nothing.
    pub preloaded: Vec<String>,
    /// Linear memory of an instance at rest, in bytes.
    pub memory_bytes: u64,
    /// The compiled image on disk, in bytes; of a component, its own size before a host compiles it.
    pub compiled_bytes: u64,
    /// How long it took to build, in seconds.
    pub build_seconds: u64,
}
