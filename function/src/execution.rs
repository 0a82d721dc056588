//! The life of an execution: recorded as running, worked on under a lease, recorded as ended, logged.

use std::cell::RefCell;
use std::pin::pin;

use api::history::{Attempt, Execution as Record, ExecutionSummary, Status};
use api::python::Outcome;
use api::tool::ToolResponse;
use futures::channel::oneshot;
use futures::future::{Either, select};

use crate::call::{Call, workspace};
use crate::clock::{Beginning, now_ms, timestamp};
use crate::error::Refusal;
use crate::executor::{Executed, Output, PythonExecutor, begun};
use crate::history::{Begun, Ended, History, RENEW_EVERY};
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
    /// What the program has written, also where its end is never known.
    output: RefCell<Output>,
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
                mode: settings.mode,
                started_at: beginning.at,
            })
            .await?;
        Ok(Self {
            settings,
            call,
            history,
            beginning,
            output: RefCell::default(),
        })
    }

    /// Works on it, and says so again and again. Dropping the future cancels the work.
    pub async fn work(
        &self,
        executor: &dyn PythonExecutor,
        accepted: oneshot::Sender<()>,
    ) -> Executed {
        let mut work = executor.execute(self.call, accepted, &self.output);
        loop {
            let renewal = pin!(spin_sdk::time::sleep(RENEW_EVERY));
            match select(work, renewal).await {
                Either::Left((executed, _)) => return executed,
                Either::Right(((), unfinished)) => work = unfinished,
            }
            if let Err(error) = self.history.renew(&self.call.execution_id, now_ms()).await {
                eprintln!("{error}");
            }
        }
    }

    /// Records and logs how it ended, and completes what the caller gets.
    pub async fn end(&self, executed: Executed) -> Done {
        let Executed {
            mut response,
            attempt,
            retry_after,
        } = executed;
        let status = status(&response, attempt.as_ref());
        let execution_time = self.beginning.elapsed();
        response.metadata.execution_time = execution_time;
        response.metadata.session_id = Some(self.call.session_id.to_string());
        response.metadata.execution_id = Some(self.call.execution_id.to_string());
        response.data.workspace = workspace(&self.call.session_id);
        self.record(status, execution_time, response.error.as_deref(), attempt)
            .await;
        Done {
            response,
            retry_after,
        }
    }

    /// Records and logs that nobody waits for it any more, with what the program wrote until then.
    pub async fn cancel(&self) {
        let attempt = Attempt {
            outcome: Some(Outcome::Cancelled),
            ..begun(self.call, self.beginning.at, self.output.take())
        };
        self.record(
            Status::Cancelled,
            self.beginning.elapsed(),
            Some(HUNG_UP),
            Some(attempt),
        )
        .await;
    }

    /// A history that can't be written costs the caller nothing but the record: the code did run.
    async fn record(
        &self,
        status: Status,
        execution_time: f64,
        error: Option<&str>,
        attempt: Option<Attempt>,
    ) {
        let finished_at = now_ms();
        let execution_id = &self.call.execution_id;
        let attempt_ended = attempt.as_ref();
        let ended = Ended {
            execution_id,
            status,
            finished_at,
            execution_time,
            error,
            attempt: attempt_ended,
        };
        if let Err(error) = self.history.end(&ended).await {
            eprintln!("{error}");
        }
        let summary = ExecutionSummary {
            execution_id: execution_id.to_string(),
            session_id: self.call.session_id.to_string(),
            mode: self.settings.mode,
            status,
            started_at: timestamp(self.beginning.at),
            finished_at: Some(timestamp(finished_at)),
            execution_time: Some(execution_time),
            attempts: u32::from(status != Status::Refused),
            preview: self.call.code.chars().take(PREVIEW_CHARS).collect(),
            error: error.map(str::to_owned),
        };
        let record = Record {
            summary,
            code: self.call.code.clone(),
            context: self.call.context.clone(),
            model: None,
            tokens: None,
            proposed_code: None,
            attempt_list: attempt.into_iter().collect(),
        };
        promptlog::print(&promptlog::of(&record, self.settings));
    }
}

fn status(response: &ToolResponse, attempt: Option<&Attempt>) -> Status {
    match attempt {
        None => Status::Refused,
        Some(attempt) if attempt.outcome == Some(Outcome::Cancelled) => Status::Cancelled,
        Some(_) if response.success => Status::Succeeded,
        Some(_) => Status::Failed,
    }
}
