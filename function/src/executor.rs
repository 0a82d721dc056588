//! The two ways to execute a tool call, behind one trait. There is no fallback from one to the other.

mod native;

use std::cell::RefCell;

use api::history::Attempt;
use api::python::{MimeBundle, Truncated};
use api::tool::{Mode, ToolResponse};
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

pub use native::NativeExecutor;

use crate::call::Call;
use crate::clock::timestamp;
use crate::settings::Settings;

/// Executes tool calls in one mode.
pub trait PythonExecutor {
    /// Executes a call. Dropping the future cancels it; what the program wrote until then is in `output`.
    /// Tells `accepted` when it is certain that code will run, before it does: until then the call may yet
    /// be refused with a status of its own.
    fn execute<'a>(
        &'a self,
        call: &'a Call,
        accepted: oneshot::Sender<()>,
        output: &'a RefCell<Output>,
    ) -> LocalBoxFuture<'a, Executed>;
}

/// What a run wrote while it went.
#[derive(Debug, Default)]
pub struct Output {
    /// To standard output.
    pub stdout: String,
    /// To standard error.
    pub stderr: String,
    /// To be shown.
    pub results: Vec<MimeBundle>,
}

/// What an execution came to.
#[derive(Debug)]
pub struct Executed {
    /// For the caller.
    pub response: ToolResponse,
    /// For the history; none where nothing ran.
    pub attempt: Option<Attempt>,
    /// How long a caller that was refused should wait, as in `Retry-After`.
    pub retry_after: Option<String>,
}

/// An attempt that has begun, in milliseconds since 1970, and of which nothing is known but what it wrote.
pub fn begun(call: &Call, started_at: i64, output: Output) -> Attempt {
    Attempt {
        number: 1,
        code: call.code.clone(),
        script_name: call.script_name(),
        started_at: timestamp(started_at),
        outcome: None,
        returncode: None,
        stdout: output.stdout,
        stderr: output.stderr,
        results: output.results,
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

/// A valid mode whose executor this build lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "PYTHON_EXECUTOR_MODE is 'openinterpreter', and this build has no such mode yet; set python_executor_mode to 'native'"
)]
pub struct ModeUnavailable;

/// The executor of the mode in force, or what to change.
pub fn get_python_executor(
    settings: &Settings,
) -> Result<Box<dyn PythonExecutor + '_>, ModeUnavailable> {
    match settings.mode {
        Mode::Native => Ok(Box::new(NativeExecutor::new(settings))),
        Mode::OpenInterpreter => Err(ModeUnavailable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_that_is_not_there_says_so_and_nothing_runs_instead() {
        let settings = |mode: &'static str| {
            Settings::from_lookup(|name| (name == "python_executor_mode").then(|| mode.to_owned()))
                .unwrap()
        };
        assert!(get_python_executor(&settings("native")).is_ok());
        assert!(matches!(
            get_python_executor(&settings("openinterpreter")),
            Err(ModeUnavailable)
        ));
    }
}
