//! The life of an execution: recorded as running, worked on under a lease, recorded as ended, logged.

use std::pin::pin;
use std::time::Instant;

use api::error::ErrorCode;
use api::history::{Attempt, Execution as Record, ExecutionSummary, Status};
use api::python::{Outcome, PythonError};
use api::tool::{Mode, ToolMetadata, ToolResponse};
use futures::channel::oneshot;
use futures::future::{Either, select};

use crate::call::{Call, workspace};
use crate::clock::{Beginning, now_ms, timestamp};
use crate::error::Refusal;
use crate::executor::{Executed, Pending, Progress, PythonExecutor, Workspace, first_attempt};
use crate::history::{Begun, Ended, History, HistoryError, ON_REQUEST, RENEW_EVERY, note};
use crate::interrupted::open_history;
use crate::limits;
use crate::live::{Listener, TELL_EVERY, recorded_now};
use crate::log;
use crate::promptlog;
use crate::python::PythonService;
use crate::request;
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::trace;

/// What an execution that nobody waits for any more says of itself.
const HUNG_UP: &str = "the caller hung up";
/// Characters of the code in a list.
const PREVIEW_CHARS: usize = 200;

/// An execution under way.
pub struct Execution<'a> {
    settings: &'a Settings,
    call: &'a Call,
    history: History,
    beginning: Beginning,
    /// How far it has come, also where its end is never known.
    progress: Progress<'a>,
}

/// An execution that has ended, for its caller.
#[derive(Debug, Clone)]
pub struct Done {
    /// The body.
    pub response: ToolResponse,
    /// The header.
    pub retry_after: Option<String>,
    /// What the program raised and did not catch, whole.
    pub exception: Option<PythonError>,
}

impl Done {
    /// An end without a run.
    pub fn without_run(refusal: &Refusal) -> Self {
        Self {
            response: refusal.tool_response(),
            retry_after: refusal.retry_after(),
            exception: None,
        }
    }
}

impl<'a> Execution<'a> {
    /// Records the execution as running, or refuses it where its token's calls are too many.
    pub async fn begin(
        settings: &'a Settings,
        call: &'a Call,
        beginning: Beginning,
        listener: Option<Listener>,
    ) -> Result<Self, Refusal> {
        let tenant = Tenant::of(&call.session_id);
        let history = History::open(&tenant).await?;
        let (id, now) = (&call.execution_id, beginning.at);
        limits::count(settings, &history, id, now).await?;
        let begun = Begun {
            call,
            code: &settings.redacted_all(&call.code),
            stdin: &settings.redacted_all(&call.stdin),
            context: &settings.redacted_all(&call.context),
            mode: settings.mode,
            started_at: now,
            at_once: settings.max_concurrent_calls,
        };
        while !history.begin(&begun).await? {
            // Some may only seem to be under way.
            open_history(settings, &tenant).await?;
            limits::check_room(settings, &history, id, now).await?;
        }
        let attempt = first_attempt(call, beginning.at);
        Ok(Self::resumed(
            settings, call, beginning, history, attempt, listener,
        ))
    }

    /// An execution that is recorded as running already, with the attempt that it has come to.
    pub fn resumed(
        settings: &'a Settings,
        call: &'a Call,
        beginning: Beginning,
        history: History,
        attempt: Attempt,
        listener: Option<Listener>,
    ) -> Self {
        let id = call.execution_id.clone();
        let trace = trace::of_tool(settings, call, &beginning);
        let progress = Progress::new(settings, history.clone(), id, attempt, listener, trace);
        progress.live().started(call);
        request::note(|facts| {
            facts.session_id = Some(call.session_id.id().to_owned());
            facts.execution_id = Some(call.execution_id.to_string());
            facts.mode = Some(settings.mode);
        });
        Self {
            settings,
            call,
            history,
            beginning,
            progress,
        }
    }

    /// The settings that it is worked on under.
    pub fn settings(&self) -> &'a Settings {
        self.settings
    }

    /// Works on it, and says so again and again; nothing comes of it where somebody asks to cancel it. Dropping the
    /// future cancels the work.
    pub async fn work(
        &self,
        executor: &dyn PythonExecutor,
        accepted: oneshot::Sender<()>,
    ) -> Option<Executed> {
        let mut work = executor.execute(self.call, accepted, &self.progress);
        let mut renewed_at = Instant::now();
        loop {
            let moment = pin!(spin_sdk::time::sleep(TELL_EVERY));
            match select(work, moment).await {
                Either::Left((executed, _)) => return Some(executed),
                Either::Right(((), unfinished)) => work = unfinished,
            }
            match select(work, pin!(self.say(&mut renewed_at))).await {
                Either::Left((executed, saying)) => {
                    // What is being written is not known anywhere else.
                    saying.await;
                    return Some(executed);
                }
                Either::Right((true, _)) => return None,
                Either::Right((false, unfinished)) => work = unfinished,
            }
        }
    }

    /// Says what there is to follow, and from time to time that it is still worked on. Whether it is to be cancelled.
    async fn say(&self, renewed_at: &mut Instant) -> bool {
        self.progress.tell().await;
        if renewed_at.elapsed() >= RENEW_EVERY {
            *renewed_at = Instant::now();
            note(self.history.renew(&self.call.execution_id, now_ms()).await);
        }
        let asked = self.history.is_to_cancel(&self.call.execution_id).await;
        asked.unwrap_or_else(|error| {
            log::warn(error);
            false
        })
    }

    /// Records and logs how it ended, and completes what the caller gets.
    pub async fn end(&self, executed: Executed) -> Done {
        let Executed {
            mut response,
            status,
            retry_after,
            pending,
        } = executed;
        let execution_time = self.beginning.elapsed();
        response.metadata.execution_time = execution_time;
        response.metadata.session_id = Some(self.call.session_id.id().to_owned());
        response.metadata.execution_id = Some(self.call.execution_id.to_string());
        response.data.workspace = workspace(self.call.session_id.id());
        self.progress.trace().tool_ended(status, &response.metadata);
        let response = self.settings.redacted_all(&response);
        let exception = self.progress.attempt().error.clone();
        match pending {
            Some(pending) => {
                note(self.wait(&pending).await);
            }
            None => {
                self.record(status, execution_time, response.error.as_deref())
                    .await;
            }
        }
        Done {
            response,
            retry_after,
            exception: self.settings.redacted_all(&exception),
        }
    }

    /// Records and logs that nobody waits for it any more, with what the program wrote until then.
    pub async fn hung_up(&self) {
        self.cancel(HUNG_UP).await;
    }

    /// The same where somebody asked for that, for the caller who still waits.
    pub async fn cancelled(&self) -> Done {
        self.cancel(ON_REQUEST).await;
        let record = self.history.execution(&self.call.execution_id).await;
        match record {
            Ok(Some(record)) => Done {
                response: recorded_now(self.settings, &record, &self.call.session_id).await,
                retry_after: None,
                exception: None,
            },
            Ok(None) => Done::without_run(&Refusal::new(ErrorCode::Conflict, ON_REQUEST)),
            Err(error) => Done::without_run(&error.into()),
        }
    }

    async fn cancel(&self, why: &str) {
        self.progress.cancelled();
        let metadata = ToolMetadata {
            attempts: self.progress.attempt().number,
            ..ToolMetadata::default()
        };
        let trace = self.progress.trace();
        trace.tool_ended(Status::Cancelled, &metadata);
        let elapsed = self.beginning.elapsed();
        self.record(Status::Cancelled, elapsed, Some(why)).await;
    }

    /// Records how large the workspace is now. Nobody waits for that.
    pub async fn note_workspace(&self) {
        let size = match self.progress.workspace() {
            Some(size) => size,
            // A run that was cancelled does not say what it left.
            None if self.progress.attempt().outcome == Some(Outcome::Cancelled) => {
                let service = PythonService::new(&self.settings.python_url);
                let Ok(list) = service.files(&self.call.session_id).await else {
                    return;
                };
                Workspace {
                    bytes: list.total_bytes,
                    files: list.files.len() as u64,
                }
            }
            None => return,
        };
        let session_id = &self.call.session_id;
        let noted = self
            .history
            .note_workspace(session_id, size.bytes, size.files);
        note(noted.await);
    }

    async fn wait(&self, pending: &Pending) -> Result<(), HistoryError> {
        let id = &self.call.execution_id;
        // What follows when a person has decided comes after it.
        self.progress.tell().await;
        self.progress.note().await;
        self.history
            .wait(
                id,
                &self.settings.model,
                self.progress.tokens(),
                &pending.machine,
                &self.settings.redacted_all(&pending.code),
            )
            .await
    }

    /// A history that can't be written costs the caller nothing but the record: the code did run.
    async fn record(&self, status: Status, execution_time: f64, error: Option<&str>) {
        let finished_at = now_ms();
        let execution_id = &self.call.execution_id;
        let attempt = self.settings.redacted_all(&*self.progress.attempt());
        if self.settings.mode == Mode::OpenInterpreter {
            note(self.history.note_dialogue(execution_id, &attempt).await);
            let (model, tokens) = (&self.settings.model, self.progress.tokens());
            note(self.history.note_loop(execution_id, model, tokens).await);
        }
        let ended = Ended {
            execution_id,
            status,
            finished_at,
            execution_time,
            error,
            attempt: &attempt,
        };
        note(self.history.end(&ended).await);
        request::note_end(outcome(status, attempt.outcome), execution_time);
        let record = if attempt.number == 1 {
            self.record_of(&ended)
        } else {
            // The attempts before are in the history alone.
            match self.history.execution(execution_id).await {
                Ok(Some(record)) => record,
                Ok(None) => return,
                Err(error) => return log::warn(error),
            }
        };
        let session = self.call.session_id.as_str();
        promptlog::print(&promptlog::of(&record, session, self.settings));
    }

    fn record_of(&self, ended: &Ended<'_>) -> Record {
        let refused = ended.status == Status::Refused;
        let summary = ExecutionSummary {
            execution_id: self.call.execution_id.to_string(),
            session_id: self.call.session_id.id().to_owned(),
            mode: self.settings.mode,
            status: ended.status,
            started_at: timestamp(self.beginning.at),
            finished_at: Some(timestamp(ended.finished_at)),
            execution_time: Some(ended.execution_time),
            attempts: u32::from(!refused),
            preview: self.call.code.chars().take(PREVIEW_CHARS).collect(),
            error: ended.error.map(str::to_owned),
        };
        Record {
            summary,
            code: self.call.code.clone(),
            timeout: self.call.asked_timeout,
            stdin: Some(self.call.stdin.clone()).filter(|stdin| !stdin.is_empty()),
            context: self.call.context.clone(),
            model: None,
            tokens: Some(self.progress.tokens()).filter(|tokens| tokens.total > 0),
            proposed_code: None,
            attempt_list: if refused {
                Vec::new()
            } else {
                vec![ended.attempt.clone()]
            },
        }
    }
}

/// How an execution ended, in one word: the program's end where that decided it, else the execution's own. The history
/// counts by the same (`ended.sql`).
fn outcome(status: Status, of_program: Option<Outcome>) -> &'static str {
    match (status, of_program) {
        (Status::Succeeded, _) => Outcome::Ok.as_str(),
        (Status::Failed, Some(outcome)) if outcome != Outcome::Ok => outcome.as_str(),
        _ => status.as_str(),
    }
}
