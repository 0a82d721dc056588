//! One run of one program, written into the attempt that it belongs to.

use api::files::FileEntry;
use api::history::Attempt;
use api::python::{Finished, RunEvent, RunRequest};

use super::Progress;
use crate::call::Call;
use crate::python::{PythonService, PythonServiceError};
use crate::settings::Settings;
use crate::trace;

/// What a run that was accepted came to: its end, or the end of the connection.
pub(super) type Ending = Result<Finished, PythonServiceError>;

/// A run of this code under the settings' limits.
pub(super) fn request(
    settings: &Settings,
    call: &Call,
    code: &str,
    script_name: String,
) -> RunRequest {
    RunRequest {
        code: code.to_owned(),
        script_name,
        stdin: call.stdin.clone(),
        timeout_ms: call.timeout_ms,
        memory_bytes: settings.memory_bytes,
        max_output_bytes: settings.max_output_bytes,
        workspace_max_bytes: settings.workspace_max_bytes,
        workspace_max_files: settings.workspace_max_files,
        scratch: false,
        read_only: false,
    }
}

/// Runs it to its end; what the program writes is in the attempt as soon as it is there. `accepted` is called when
/// it is certain that code will run; an error means that none did.
pub(super) async fn run(
    settings: &Settings,
    call: &Call,
    request: &RunRequest,
    progress: &Progress<'_>,
    accepted: impl FnOnce(),
) -> Result<Ending, PythonServiceError> {
    let service = PythonService::new(&settings.python_url);
    let attempt = progress.attempt().number;
    let span = trace::of_run(progress.trace(), settings, call, attempt);
    let run = service.run_within(&call.session_id, request, span.headers());
    let mut run = run.await.inspect_err(|error| span.run_ended(Err(error)))?;
    accepted();
    loop {
        match run.next_event().await {
            Ok(RunEvent::Started) => {}
            Ok(RunEvent::Stdout { text }) => progress.stdout(text),
            Ok(RunEvent::Stderr { text }) => progress.stderr(text),
            Ok(RunEvent::Result(bundle)) => progress.result(bundle),
            Ok(RunEvent::Finished(finished)) => {
                progress.set_files(&finished.files);
                progress.live().texts_end();
                span.run_ended(Ok(&finished));
                return Ok(Ok(finished));
            }
            Err(error) => {
                progress.live().texts_end();
                span.run_ended(Err(&error));
                return Ok(Err(error));
            }
        }
    }
}

/// Writes the end of a run into its attempt, and gives the files that are there now.
pub(super) fn record(attempt: &mut Attempt, finished: Finished) -> Vec<FileEntry> {
    let changed = finished.files.iter().filter(|file| file.info.changed);
    attempt.changed_files = changed.map(|file| file.path.clone()).collect();
    attempt.outcome = Some(finished.outcome);
    attempt.returncode = Some(finished.returncode);
    attempt.error = finished.error;
    attempt.limit = finished.limit;
    attempt.truncated = finished.truncated;
    attempt.code_execution_time = Some(finished.code_ms / 1000.0);
    attempt.peak_memory_bytes = Some(finished.peak_memory_bytes);
    finished.files
}
