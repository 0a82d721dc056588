//! What the plain call answered, made again from what the history has.

use api::SessionKey;
use api::error::{ErrorBody, ErrorCode};
use api::files::FileEntry;
use api::history::{Attempt, Execution, Status};
use api::tool::{Mode, ToolData, ToolMetadata, ToolResponse};

use super::catch_up::why;
use crate::answer;
use crate::error::{NOT_RUN, Refusal};
use crate::executor::{in_all, native_response, success_text};
use crate::python::PythonService;
use crate::settings::Settings;

/// The answer to an execution that has ended or waits; without the files if it must.
pub async fn recorded_now(
    settings: &Settings,
    execution: &Execution,
    session_id: &SessionKey,
) -> ToolResponse {
    let service = PythonService::new(&settings.python_url);
    let files = service.files(session_id).await;
    let files = files.map(|list| list.files).unwrap_or_default();
    recorded(execution, session_id, files, settings.max_retries)
}

/// The answer to an execution that has ended or waits, with the files of its session as they are now.
///
/// It differs from what the caller got where the history does not know: `files` are those of this moment, the word of
/// a refusal is not kept, and nor is the hint of an error that is not the program's. An execution that was cancelled
/// or interrupted, to which nobody got an answer, has `metadata.status`.
pub fn recorded(
    execution: &Execution,
    session_id: &SessionKey,
    mut files: Vec<FileEntry>,
    max_attempts: u32,
) -> ToolResponse {
    let last = execution.attempt_list.last();
    for file in &mut files {
        file.info.changed = last.is_some_and(|last| last.changed_files.contains(&file.path));
    }
    let error = execution.summary.error.clone().unwrap_or_default();
    let mut response = match (execution.summary.status, last, &execution.proposed_code) {
        (Status::AwaitingApproval, _, Some(code)) => waiting(execution, code),
        (Status::Refused, ..) | (_, None, _) => {
            Refusal::new(ErrorCode::Internal, error).tool_response()
        }
        (_, Some(last), _) if execution.summary.mode == Mode::OpenInterpreter => repaired(
            execution,
            last,
            in_all(last, files, session_id),
            max_attempts,
        ),
        (_, Some(last), _) if last.outcome.is_some() => native_response(last, files, session_id),
        (_, Some(last), _) => broken(last, session_id, error),
    };
    if response.error.is_some() && execution.summary.error.is_some() {
        response.error.clone_from(&execution.summary.error);
    }
    let metadata = metadata(execution, &response.metadata);
    response.metadata = metadata;
    response.data.workspace = crate::call::workspace(session_id.id());
    response
}

fn metadata(execution: &Execution, made: &ToolMetadata) -> ToolMetadata {
    let summary = &execution.summary;
    let last = execution.attempt_list.last();
    let asks = summary.mode == Mode::OpenInterpreter;
    let is_unanswered = matches!(summary.status, Status::Cancelled | Status::Interrupted);
    ToolMetadata {
        execution_time: summary.execution_time.unwrap_or_default(),
        code_execution_time: code_seconds(execution),
        mode: Some(summary.mode),
        outcome: last.and_then(|last| last.outcome),
        attempts: summary.attempts.max(made.attempts),
        session_id: Some(summary.session_id.clone()),
        execution_id: Some(summary.execution_id.clone()),
        peak_memory_bytes: last.and_then(|last| last.peak_memory_bytes),
        code: None,
        status: (asks || is_unanswered).then_some(summary.status),
        retries: asks.then(|| summary.attempts.saturating_sub(1)),
        tokens: execution.tokens.filter(|_| asks),
        model: execution.model.clone().filter(|_| asks),
    }
}

/// Seconds that all programs took.
fn code_seconds(execution: &Execution) -> f64 {
    let of_attempt = |attempt: &Attempt| {
        let steps = attempt.steps.iter().map(|step| step.code_execution_time);
        steps.sum::<f64>() + attempt.code_execution_time.unwrap_or_default()
    };
    execution.attempt_list.iter().map(of_attempt).sum()
}

fn waiting(execution: &Execution, code: &str) -> ToolResponse {
    let (answer, error) = answer::waiting(&execution.summary.execution_id, code);
    ToolResponse {
        success: false,
        answer,
        data: ToolData {
            returncode: NOT_RUN,
            proposed_code: Some(code.to_owned()),
            ..ToolData::default()
        },
        metadata: ToolMetadata::default(),
        error: Some(error),
    }
}

/// The end of a loop of attempts.
fn repaired(
    execution: &Execution,
    last: &Attempt,
    data: ToolData,
    max_attempts: u32,
) -> ToolResponse {
    if execution.summary.status == Status::Succeeded {
        let data = ToolData {
            returncode: 0,
            ..data
        };
        return ToolResponse {
            success: true,
            answer: success_text(last, &execution.code, &data),
            data,
            metadata: ToolMetadata::default(),
            error: None,
        };
    }
    let errors = execution.attempt_list.iter().filter_map(|attempt| {
        let line = why(attempt)?;
        let traceback = attempt
            .error
            .as_ref()
            .map(|error| error.traceback.trim_end());
        let text = traceback.filter(|text| !text.is_empty()).unwrap_or(&line);
        Some(format!(
            "Attempt {}/{max_attempts}:\n{text}\n",
            attempt.number
        ))
    });
    let errors = errors.collect::<Vec<_>>().join("\n");
    let error = execution.summary.error.clone().unwrap_or_default();
    let data = ToolData {
        stderr: errors.clone(),
        ..data
    };
    ToolResponse {
        success: false,
        answer: answer::failed_answer(&error, &errors, &data),
        data,
        metadata: ToolMetadata::default(),
        error: Some(error),
    }
}

/// The run broke off, or the system went down.
fn broken(last: &Attempt, session_id: &SessionKey, error: String) -> ToolResponse {
    let body = ErrorBody::new(ErrorCode::Internal, error);
    ToolResponse {
        success: false,
        answer: answer::broken_answer(&body, &last.stdout),
        data: ToolData {
            returncode: NOT_RUN,
            ..in_all(last, Vec::new(), session_id)
        },
        metadata: ToolMetadata::default(),
        error: Some(body.error),
    }
}
