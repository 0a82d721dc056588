//! The two ways to execute a tool call, behind one trait. There is no fallback from one to the other.

mod native;
mod openinterpreter;
mod progress;
mod run;

use api::history::Status;
use api::python::Outcome;
use api::tool::{Mode, ToolResponse};
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

pub use native::{NativeExecutor, response as native_response};
pub use openinterpreter::{OpenInterpreterExecutor, Saved, Start, in_all, success_text};
pub use progress::{Progress, Workspace, first_attempt};

use crate::call::Call;
use crate::settings::Settings;

/// Executes tool calls in one mode.
pub trait PythonExecutor {
    /// Executes a call. Dropping the future cancels it; how far it came is in `progress`.
    /// Tells `accepted` when it is certain that the answer will have the status 200: until then the call may yet
    /// be refused with a status of its own.
    fn execute<'a>(
        &'a self,
        call: &'a Call,
        accepted: oneshot::Sender<()>,
        progress: &'a Progress<'a>,
    ) -> LocalBoxFuture<'a, Executed>;
}

/// What an execution came to. The last attempt is in its [`Progress`].
#[derive(Debug)]
pub struct Executed {
    /// For the caller.
    pub response: ToolResponse,
    /// For the history.
    pub status: Status,
    /// How long a caller that was refused should wait, as in `Retry-After`.
    pub retry_after: Option<String>,
    /// What waits for a person.
    pub pending: Option<Pending>,
}

impl Executed {
    /// An end like any other: nothing waits, and nobody is asked to come again.
    fn new(response: ToolResponse, status: Status) -> Self {
        Self {
            response,
            status,
            retry_after: None,
            pending: None,
        }
    }
}

/// An execution that waits for a person.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Where the loop stands, as JSON.
    pub machine: String,
    /// The code that waits.
    pub code: String,
}

/// The executor of the mode in force. What it needs has been checked with the settings.
pub fn get_python_executor(settings: &Settings) -> Box<dyn PythonExecutor + '_> {
    match settings.mode {
        Mode::Native => Box::new(NativeExecutor::new(settings)),
        Mode::OpenInterpreter => Box::new(OpenInterpreterExecutor::new(settings, Start::Begin)),
    }
}

/// How an execution stands whose last run ended so.
fn status_of(outcome: Outcome) -> Status {
    match outcome {
        Outcome::Ok => Status::Succeeded,
        Outcome::Cancelled => Status::Cancelled,
        _ => Status::Failed,
    }
}
