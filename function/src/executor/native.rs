//! Runs the code once, as it is, through the python service.

use std::collections::BTreeMap;

use api::SessionKey;
use api::files::FileEntry;
use api::history::{Attempt, Status};
use api::python::{Finished, Outcome};
use api::tool::{Mode, ToolData, ToolMetadata, ToolResponse};
use futures::FutureExt as _;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;

use super::run::{record, request, run};
use super::{Executed, Progress, PythonExecutor, status_of};
use crate::answer::{Ran, answer, broken_answer, error_line, files_by_path, stderr_with_traceback};
use crate::call::{Call, workspace};
use crate::error::Refusal;
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
}

impl PythonExecutor for NativeExecutor<'_> {
    fn execute<'a>(
        &'a self,
        call: &'a Call,
        accepted: oneshot::Sender<()>,
        progress: &'a Progress<'a>,
    ) -> LocalBoxFuture<'a, Executed> {
        async move {
            let request = request(self.settings, call, &call.code, call.script_name(1));
            // Nobody may be waiting for the news; the run goes on until it is dropped.
            let accepted = || {
                let _ = accepted.send(());
                progress.live().attempt(1, &call.code, None);
            };
            match run(self.settings, call, &request, progress, accepted).await {
                Ok(Ok(finished)) => ended(&mut progress.attempt(), finished, call),
                Ok(Err(error)) => broke_off(&progress.attempt(), error.into(), call),
                Err(error) => refused(error.into()),
            }
        }
        .boxed_local()
    }
}

fn ended(attempt: &mut Attempt, finished: Finished, call: &Call) -> Executed {
    let files = record(attempt, finished);
    let response = response(attempt, files, &call.session_id);
    let status = status_of(attempt.outcome.unwrap_or(Outcome::Crashed));
    Executed::new(response, status)
}

/// What the caller gets for a run that came to its end, with the files that are there now.
pub fn response(attempt: &Attempt, files: Vec<FileEntry>, session_id: &SessionKey) -> ToolResponse {
    let outcome = attempt.outcome.unwrap_or(Outcome::Crashed);
    let data = ToolData {
        files: files_by_path(files),
        returncode: attempt.returncode.unwrap_or_default(),
        ..data(attempt, session_id)
    };
    let ran = Ran {
        outcome,
        data: &data,
        stderr: &attempt.stderr,
        error: attempt.error.as_ref(),
    };
    let (answer, error) = (answer(&ran), error_line(&ran));
    let metadata = ToolMetadata {
        code_execution_time: attempt.code_execution_time.unwrap_or_default(),
        outcome: Some(outcome),
        attempts: 1,
        peak_memory_bytes: attempt.peak_memory_bytes,
        ..metadata()
    };
    ToolResponse {
        success: outcome == Outcome::Ok,
        answer,
        data,
        metadata,
        error,
    }
}

/// The service went away or silent in the middle: our failure, not the program's, with the output that had come.
fn broke_off(attempt: &Attempt, refusal: Refusal, call: &Call) -> Executed {
    let mut response = refusal.tool_response();
    response.data = ToolData {
        returncode: response.data.returncode,
        ..data(attempt, &call.session_id)
    };
    response.answer = broken_answer(&refusal.body, &attempt.stdout);
    response.metadata.mode = Some(Mode::Native);
    response.metadata.attempts = 1;
    Executed::new(response, Status::Failed)
}

fn refused(refusal: Refusal) -> Executed {
    let mut response = refusal.tool_response();
    response.metadata.mode = Some(Mode::Native);
    Executed {
        retry_after: refusal.retry_after(),
        ..Executed::new(response, Status::Refused)
    }
}

fn data(attempt: &Attempt, session_id: &SessionKey) -> ToolData {
    ToolData {
        stdout: attempt.stdout.clone(),
        stderr: stderr_with_traceback(&attempt.stderr, attempt.error.as_ref()),
        files: BTreeMap::new(),
        workspace: workspace(session_id.id()),
        returncode: 0,
        results: attempt.results.clone(),
        limit: attempt.limit.clone(),
        truncated: attempt.truncated,
        proposed_code: None,
    }
}

fn metadata() -> ToolMetadata {
    ToolMetadata {
        mode: Some(Mode::Native),
        ..ToolMetadata::default()
    }
}
