//! The life of an execution: recorded as running, worked on under a lease, recorded as ended, logged.

use std::pin::pin;

use api::history::{Attempt, Execution as Record, ExecutionSummary, Status};
use api::tool::{Mode, ToolResponse};
use futures::channel::oneshot;
use futures::future::{Either, select};

use crate::call::{Call, workspace};
use crate::clock::{Beginning, now_ms, timestamp};
use crate::error::Refusal;
use crate::executor::{Executed, Pending, Progress, PythonExecutor, first_attempt};
use crate::history::{Begun, Ended, History, HistoryError, RENEW_EVERY, note};
use crate::promptlog;
use crate::settings::Settings;

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
}

impl<'a> Execution<'a> {
    /// Records the execution as running.
    pub async fn begin(
        settings: &'a Settings,
        call: &'a Call,
        beginning: Beginning,
    ) -> Result<Self, Refusal> {
        let history = History::open().await?;
        history
            .begin(&Begun {
                call,
                code: &settings.redacted_all(&call.code),
                context: &settings.redacted_all(&call.context),
                mode: settings.mode,
                started_at: beginning.at,
            })
            .await?;
        let attempt = first_attempt(call, beginning.at);
        Ok(Self::resumed(settings, call, beginning, history, attempt))
    }

    /// An execution that is recorded as running already, with the attempt that it has come to.
    pub fn resumed(
        settings: &'a Settings,
        call: &'a Call,
        beginning: Beginning,
        history: History,
        attempt: Attempt,
    ) -> Self {
        let progress = Progress::new(settings, history, call.execution_id.clone(), attempt);
        Self {
            settings,
            call,
            history,
            beginning,
            progress,
        }
    }

    /// Works on it, and says so again and again. Dropping the future cancels the work.
    pub async fn work(
        &self,
        executor: &dyn PythonExecutor,
        accepted: oneshot::Sender<()>,
    ) -> Executed {
        let mut work = executor.execute(self.call, accepted, &self.progress);
        loop {
            let renewal = pin!(spin_sdk::time::sleep(RENEW_EVERY));
            match select(work, renewal).await {
                Either::Left((executed, _)) => return executed,
                Either::Right(((), unfinished)) => work = unfinished,
            }
            note(self.history.renew(&self.call.execution_id, now_ms()).await);
        }
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
        response.metadata.session_id = Some(self.call.session_id.to_string());
        response.metadata.execution_id = Some(self.call.execution_id.to_string());
        response.data.workspace = workspace(&self.call.session_id);
        let response = self.settings.redacted_all(&response);
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
        }
    }

    /// Records and logs that nobody waits for it any more, with what the program wrote until then.
    pub async fn cancel(&self) {
        self.progress.cancelled();
        let elapsed = self.beginning.elapsed();
        self.record(Status::Cancelled, elapsed, Some(HUNG_UP)).await;
    }

    async fn wait(&self, pending: &Pending) -> Result<(), HistoryError> {
        let id = &self.call.execution_id;
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
        let record = if attempt.number == 1 {
            self.record_of(&ended)
        } else {
            // The attempts before are in the history alone.
            match self.history.execution(execution_id).await {
                Ok(Some(record)) => record,
                Ok(None) => return,
                Err(error) => return eprintln!("{error}"),
            }
        };
        promptlog::print(&promptlog::of(&record, self.settings));
    }

    fn record_of(&self, ended: &Ended<'_>) -> Record {
        let refused = ended.status == Status::Refused;
        let summary = ExecutionSummary {
            execution_id: self.call.execution_id.to_string(),
            session_id: self.call.session_id.to_string(),
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
