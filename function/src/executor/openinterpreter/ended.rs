//! What the caller is told when the loop has ended, or waits.

use api::SessionKey;
use api::files::FileEntry;
use api::history::{Attempt, Status};
use api::python::Outcome;
use api::tool::{Mode, ToolData, ToolMetadata, ToolResponse};

use super::super::{Executed, Pending, Progress};
use super::Work;
use crate::answer::{self, Ran, files_by_path};
use crate::call::{Call, workspace};
use crate::error::{NOT_RUN, Refusal};
use crate::repair::machine::{Early, End, Failed};
use crate::settings::{Settings, seconds};

/// The loop has ended.
pub(super) fn ended(work: &Work<'_>, end: End) -> Executed {
    let failed = work.machine.failed();
    match end {
        End::Succeeded => succeeded(work),
        End::Failed(early) => {
            let stopped = early.map(|early| format!("; stopped early: {}", why(early, work)));
            unsuccessful(
                work,
                &format!("{}{}", last_error(failed), stopped.unwrap_or_default()),
            )
        }
        End::ModelFailed(_) if work.runs == 0 => {
            let mut executed = match &work.model_failure {
                Some(refusal) => broken(work, refusal),
                None => unsuccessful(work, "the model could not be asked"),
            };
            executed.status = Status::Failed;
            executed.response.metadata.status = Some(Status::Failed);
            executed
        }
        End::ModelFailed(why) => unsuccessful(
            work,
            &format!(
                "{}; the model could not be asked: {why}",
                last_error(failed)
            ),
        ),
        End::Cancelled => Executed {
            status: Status::Cancelled,
            ..unsuccessful(work, "the run was cancelled")
        },
    }
}

/// Code waits for a person.
pub(super) fn proposed(
    settings: &Settings,
    call: &Call,
    progress: &Progress<'_>,
    pending: Pending,
) -> Executed {
    let attempts = progress.attempt().number;
    let data = ToolData {
        workspace: workspace(call.session_id.id()),
        returncode: NOT_RUN,
        proposed_code: Some(pending.code.clone()),
        ..ToolData::default()
    };
    let (answer, error) = answer::waiting(call.execution_id.as_str(), &pending.code);
    let response = ToolResponse {
        success: false,
        answer,
        data,
        metadata: metadata(settings, progress, attempts, Status::AwaitingApproval),
        error: Some(error),
    };
    Executed {
        pending: Some(pending),
        ..Executed::new(response, Status::AwaitingApproval)
    }
}

/// It can't go on, and that is not the program's fault.
pub(super) fn broken(work: &Work<'_>, refusal: &Refusal) -> Executed {
    let failed = work.machine.failed();
    // Where nothing has been answered, nothing has come of a person's decision either.
    let again = work.again.clone().filter(|_| work.accepted.is_some());
    if !failed.is_empty() && again.is_none() {
        let why = &refusal.body.error;
        return unsuccessful(
            work,
            &format!("{}; it could not go on: {why}", last_error(failed)),
        );
    }
    if let Some(again) = &again {
        work.progress.attempt().code.clone_from(&again.code);
    }
    let attempt = work.progress.attempt().clone();
    let nothing_ran = work.accepted.is_some();
    let status = match again {
        Some(_) => Status::AwaitingApproval,
        None if nothing_ran && attempt.exchanges.is_empty() => Status::Refused,
        None => Status::Failed,
    };
    let mut response = refusal.tool_response();
    response.metadata = ToolMetadata {
        code: response.metadata.code,
        ..metadata(work.settings, work.progress, tried(work), status)
    };
    if !nothing_ran {
        response.data = data(&attempt, work);
        response.answer = answer::broken_answer(&refusal.body, &response.data.stdout);
    }
    Executed {
        response,
        status,
        retry_after: refusal.retry_after(),
        pending: again,
    }
}

fn succeeded(work: &Work<'_>) -> Executed {
    let attempt = work.progress.attempt().clone();
    let data = ToolData {
        returncode: 0,
        ..data(&attempt, work)
    };
    let mut text = success_text(&attempt, &work.call.code, &data);
    if let Some(refusal) = &work.model_failure {
        let why = &refusal.body.error;
        text.push_str(&format!(
            "\n\nThe model could not be asked whether more is to be done: {why}"
        ));
    }
    let status = Status::Succeeded;
    Executed::new(
        ToolResponse {
            success: true,
            answer: text,
            metadata: ended_metadata(work, &attempt, status),
            data,
            error: None,
        },
        status,
    )
}

/// The text when all went well, for an agent that sent `given`.
pub fn success_text(attempt: &Attempt, given: &str, data: &ToolData) -> String {
    let mut text = answer::answer(&Ran {
        outcome: Outcome::Ok,
        data,
        stderr: &data.stderr,
        error: None,
    });
    // The agent did not write what ran, and may want to go on from it.
    if attempt.code != given {
        let code = answer::bounded(attempt.code.trim_end(), answer::MAX_OTHER_CHARS);
        text.push_str(&format!(
            "\n\nCode that ran (attempt {}):\n{code}",
            attempt.number
        ));
    }
    let words = attempt
        .exchanges
        .last()
        .map_or("", |last| last.reply.trim());
    if !words.is_empty() && crate::model::code_in(words).is_none() {
        let words = answer::bounded(words, answer::MAX_OTHER_CHARS);
        text.push_str(&format!("\n\nThe model says:\n{words}"));
    }
    text
}

fn unsuccessful(work: &Work<'_>, error: &str) -> Executed {
    let attempt = last(work);
    let errors = errors(work);
    let data = ToolData {
        stderr: errors.clone(),
        ..data(&attempt, work)
    };
    let status = Status::Failed;
    let mut text = answer::failed_answer(error, &errors, &data);
    if let Some(hint) = work
        .model_failure
        .as_ref()
        .and_then(|refusal| refusal.body.hint.as_ref())
    {
        text.push_str(&format!("\n\nHint: {hint}"));
    }
    Executed::new(
        ToolResponse {
            success: false,
            answer: text,
            metadata: ended_metadata(work, &attempt, status),
            data,
            error: Some(error.to_owned()),
        },
        status,
    )
}

/// `Failed after 2 attempts: NameError: name 'x' is not defined`
fn last_error(failed: &[Failed]) -> String {
    match failed {
        [] => "Failed before any attempt ended".to_owned(),
        [only] => format!("Failed after 1 attempt: {}", only.ran.error_line),
        [.., last] => format!(
            "Failed after {} attempts: {}",
            failed.len(),
            last.ran.error_line
        ),
    }
}

fn why(early: Early, work: &Work<'_>) -> String {
    match early {
        Early::Repeated => "the same code failed with the same error twice".to_owned(),
        Early::Tokens => format!(
            "the budget of {} tokens (python_coder_max_tokens) is spent",
            work.machine.plan().max_tokens
        ),
        Early::Time => format!(
            "the time limit of {} s is over",
            seconds(work.call.timeout_ms)
        ),
    }
}

/// Every attempt's error.
fn errors(work: &Work<'_>) -> String {
    let most = work.machine.plan().max_attempts;
    let shown = work.machine.failed().iter().map(|failed| {
        let traceback = failed
            .ran
            .error
            .as_ref()
            .map_or("", |error| error.traceback.trim_end());
        let line = &failed.ran.error_line;
        let text = if traceback.is_empty() {
            line
        } else {
            traceback
        };
        format!("Attempt {}/{most}:\n{text}\n", failed.number)
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// What the last attempt left.
fn data(attempt: &Attempt, work: &Work<'_>) -> ToolData {
    in_all(
        attempt,
        work.files.clone().unwrap_or_default(),
        &work.call.session_id,
    )
}

/// What an attempt left, with all its steps and the files that are there now.
pub fn in_all(attempt: &Attempt, files: Vec<FileEntry>, session_id: &SessionKey) -> ToolData {
    let steps = &attempt.steps;
    let all = |of_step: fn(&api::history::Step) -> &str, last: &str| {
        let mut text: String = steps.iter().map(of_step).collect();
        text.push_str(last);
        text
    };
    let results = steps.iter().flat_map(|step| &step.results);
    ToolData {
        stdout: all(|step| &step.stdout, &attempt.stdout),
        stderr: all(|step| &step.stderr, &attempt.stderr),
        files: files_by_path(files),
        workspace: workspace(session_id.id()),
        returncode: attempt.returncode.unwrap_or(NOT_RUN),
        results: results.chain(&attempt.results).cloned().collect(),
        limit: attempt.limit.clone(),
        truncated: attempt.truncated,
        proposed_code: None,
    }
}

fn ended_metadata(work: &Work<'_>, attempt: &Attempt, status: Status) -> ToolMetadata {
    ToolMetadata {
        code_execution_time: work.code_seconds,
        outcome: attempt.outcome,
        peak_memory_bytes: attempt.peak_memory_bytes,
        ..metadata(work.settings, work.progress, tried(work), status)
    }
}

/// The last attempt in which something came to an end.
fn last(work: &Work<'_>) -> Attempt {
    let tried = tried(work);
    let attempt = work.progress.attempt();
    match &work.before {
        Some(before) if attempt.number > tried => before.clone(),
        _ => attempt.clone(),
    }
}

/// The attempts in which something came to an end.
fn tried(work: &Work<'_>) -> u32 {
    let failed = work.machine.failed().last().map_or(0, |last| last.number);
    let attempt = work.progress.attempt();
    attempt.outcome.map_or(failed, |_| attempt.number)
}

fn metadata(
    settings: &Settings,
    progress: &Progress<'_>,
    attempts: u32,
    status: Status,
) -> ToolMetadata {
    ToolMetadata {
        mode: Some(Mode::OpenInterpreter),
        attempts,
        retries: Some(attempts.saturating_sub(1)),
        tokens: Some(progress.tokens()),
        model: Some(settings.model.clone()),
        status: Some(status),
        ..ToolMetadata::default()
    }
}
