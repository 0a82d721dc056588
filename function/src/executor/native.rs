//! Runs the code once, as it is, through the python service.

use std::cell::RefCell;
use std::collections::BTreeMap;

use api::history::Attempt;
use api::python::{Finished, Outcome, RunEvent, RunRequest};
use api::tool::{Mode, ToolData, ToolMetadata, ToolResponse};
use futures::FutureExt as _;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use http::header;

use super::{Executed, Output, PythonExecutor, begun};
use crate::answer::{Ran, answer, broken_answer, error_line, files_by_path, stderr_with_traceback};
use crate::call::{Call, workspace};
use crate::clock::now_ms;
use crate::error::Refusal;
use crate::python::{PythonService, PythonServiceError};
use crate::settings::Settings;

/// The executor of native mode.
#[derive(Debug)]
pub struct NativeExecutor<'a> {
    settings: &'a Settings,
}

impl<'a> NativeExecutor<'a> {
    /// An executor that works as the settings say.
    pub fn new(settings: &'a Settings) -> Self {
        Self { settings }
    }

    fn request(&self, call: &Call) -> RunRequest {
        RunRequest {
            code: call.code.clone(),
            script_name: call.script_name(),
            stdin: call.stdin.clone(),
            timeout_ms: call.timeout_ms,
            memory_bytes: self.settings.memory_bytes,
            max_output_bytes: self.settings.max_output_bytes,
            workspace_max_bytes: self.settings.workspace_max_bytes,
            workspace_max_files: self.settings.workspace_max_files,
            scratch: false,
        }
    }

    async fn run(
        &self,
        call: &Call,
        accepted: oneshot::Sender<()>,
        output: &RefCell<Output>,
    ) -> Result<Ending, PythonServiceError> {
        let service = PythonService::new(&self.settings.python_url);
        let mut run = service.run(&call.session_id, &self.request(call)).await?;
        // Nobody may be waiting for the news; the run goes on until it is dropped.
        let _ = accepted.send(());
        loop {
            match run.next_event().await {
                Ok(RunEvent::Started) => {}
                Ok(RunEvent::Stdout { text }) => output.borrow_mut().stdout.push_str(&text),
                Ok(RunEvent::Stderr { text }) => output.borrow_mut().stderr.push_str(&text),
                Ok(RunEvent::Result(bundle)) => output.borrow_mut().results.push(bundle),
                Ok(RunEvent::Finished(finished)) => return Ok(Ok(finished)),
                Err(error) => return Ok(Err(error)),
            }
        }
    }
}

impl PythonExecutor for NativeExecutor<'_> {
    fn execute<'a>(
        &'a self,
        call: &'a Call,
        accepted: oneshot::Sender<()>,
        output: &'a RefCell<Output>,
    ) -> LocalBoxFuture<'a, Executed> {
        async move {
            let started_at = now_ms();
            let ending = self.run(call, accepted, output).await;
            let attempt = || begun(call, started_at, output.take());
            match ending {
                Ok(Ok(finished)) => ended(attempt(), finished, call),
                Ok(Err(error)) => broke_off(attempt(), error.into(), call),
                Err(error) => refused(error.into()),
            }
        }
        .boxed_local()
    }
}

/// What a run that was accepted came to: its end, or the end of the connection.
type Ending = Result<Finished, PythonServiceError>;

fn ended(mut attempt: Attempt, finished: Finished, call: &Call) -> Executed {
    let changed = finished.files.iter().filter(|file| file.info.changed);
    attempt.changed_files = changed.map(|file| file.path.clone()).collect();
    attempt.outcome = Some(finished.outcome);
    attempt.returncode = Some(finished.returncode);
    attempt.error = finished.error;
    attempt.limit = finished.limit;
    attempt.truncated = finished.truncated;
    attempt.code_execution_time = Some(finished.code_ms / 1000.0);
    attempt.peak_memory_bytes = Some(finished.peak_memory_bytes);
    let data = ToolData {
        files: files_by_path(finished.files),
        returncode: finished.returncode,
        ..data(&attempt, call)
    };
    let ran = Ran {
        outcome: finished.outcome,
        data: &data,
        stderr: &attempt.stderr,
        error: attempt.error.as_ref(),
    };
    let (answer, error) = (answer(&ran), error_line(&ran));
    let metadata = ToolMetadata {
        code_execution_time: finished.code_ms / 1000.0,
        mode: Some(Mode::Native),
        outcome: Some(finished.outcome),
        attempts: 1,
        peak_memory_bytes: Some(finished.peak_memory_bytes),
        ..ToolMetadata::default()
    };
    let success = finished.outcome == Outcome::Ok;
    let response = ToolResponse {
        success,
        answer,
        data,
        metadata,
        error,
    };
    Executed {
        response,
        attempt: Some(attempt),
        retry_after: None,
    }
}

/// The service went away or silent in the middle: our failure, not the program's, with the output that had come.
fn broke_off(attempt: Attempt, refusal: Refusal, call: &Call) -> Executed {
    let mut response = refusal.tool_response();
    response.data = ToolData {
        returncode: response.data.returncode,
        ..data(&attempt, call)
    };
    response.answer = broken_answer(&refusal.body, &attempt.stdout);
    response.metadata.mode = Some(Mode::Native);
    response.metadata.attempts = 1;
    Executed {
        response,
        attempt: Some(attempt),
        retry_after: None,
    }
}

fn data(attempt: &Attempt, call: &Call) -> ToolData {
    ToolData {
        stdout: attempt.stdout.clone(),
        stderr: stderr_with_traceback(&attempt.stderr, attempt.error.as_ref()),
        files: BTreeMap::new(),
        workspace: workspace(&call.session_id),
        returncode: 0,
        results: attempt.results.clone(),
        limit: attempt.limit.clone(),
        truncated: attempt.truncated,
    }
}

fn refused(refusal: Refusal) -> Executed {
    let mut response = refusal.tool_response();
    response.metadata.mode = Some(Mode::Native);
    let retry_after = refusal
        .header
        .filter(|(name, _)| *name == header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|(_, value)| value.to_str().ok().map(str::to_owned));
    Executed {
        response,
        attempt: None,
        retry_after,
    }
}
