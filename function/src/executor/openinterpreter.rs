//! Has a model write, runs what it wrote, reads the error and repairs: the loop of [`crate::repair::machine`] with its
//! I/O. Runs go through the same python service as native mode's.

mod asking;
mod briefing;
mod ended;
mod running;

use std::cell::RefCell;
use std::time::{Duration, Instant};

use api::files::FileEntry;
use api::history::Attempt;
use api::python::Outcome;
use futures::FutureExt as _;
use futures::channel::oneshot;
use futures::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};

use super::{Executed, Pending, Progress, PythonExecutor};
use crate::call::Call;
use crate::clock::{now_ms, timestamp};
use crate::error::Refusal;
use crate::python::PythonService;
use crate::repair::machine::{Action, End, Event, Machine, Plan, Ran};
use crate::repair::prompt::Nonce;
use crate::settings::{RetryStrategy, Settings};
use briefing::Briefing;

pub use ended::{in_all, success_text};

const PLAIN: &str = "the loop is plain data";

/// The executor of openinterpreter mode.
pub struct OpenInterpreterExecutor<'a> {
    settings: &'a Settings,
    start: RefCell<Option<Start>>,
}

/// Where an execution begins, or goes on.
#[derive(Debug)]
pub enum Start {
    /// A new one.
    Begin,
    /// One that waited: its code may run, or other code in its place.
    Approved(Box<Saved>, Option<String>),
    /// One that waited: its code may not run, and why.
    Rejected(Box<Saved>, String),
}

/// What an execution that waits for a person needs to go on.
#[derive(Debug, Serialize, Deserialize)]
pub struct Saved {
    machine: Machine,
    nonce: Nonce,
    runs: u32,
    /// What `input()` reads.
    pub stdin: String,
    /// How long the rest may take.
    pub timeout_ms: u64,
    /// Seconds that were spent on it.
    pub seconds: f64,
    code_seconds: f64,
}

impl<'a> OpenInterpreterExecutor<'a> {
    /// An executor that works as the settings say.
    pub fn new(settings: &'a Settings, start: Start) -> Self {
        Self {
            settings,
            start: RefCell::new(Some(start)),
        }
    }

    fn plan(&self) -> Plan {
        Plan {
            max_attempts: self.settings.max_retries,
            max_tokens: self.settings.max_tokens,
            run_given: self.settings.retry_strategy == RetryStrategy::Auto,
            check: self.settings.safe_mode,
            approve: !self.settings.auto_run,
        }
    }
}

impl PythonExecutor for OpenInterpreterExecutor<'_> {
    fn execute<'a>(
        &'a self,
        call: &'a Call,
        accepted: oneshot::Sender<()>,
        progress: &'a Progress<'a>,
    ) -> LocalBoxFuture<'a, Executed> {
        async move {
            let began = Instant::now();
            let new = || {
                Box::new(Saved {
                    machine: Machine::new(self.plan(), call.code.clone()),
                    nonce: Nonce::new(),
                    runs: 0,
                    stdin: call.stdin.clone(),
                    timeout_ms: call.timeout_ms,
                    seconds: 0.0,
                    code_seconds: 0.0,
                })
            };
            let (saved, first) = match self.start.take().unwrap_or(Start::Begin) {
                Start::Begin => (new(), Event::Begin),
                Start::Approved(saved, code) => (saved, Event::Approved(code)),
                Start::Rejected(saved, reason) => (saved, Event::Rejected(reason)),
            };
            // An approval that nothing comes of can be given again.
            let again = matches!(first, Event::Approved(_)).then(|| Pending {
                machine: serde_json::to_string(&saved).expect(PLAIN),
                code: progress.attempt().code.clone(),
            });
            let Saved {
                mut machine,
                nonce,
                runs,
                seconds,
                code_seconds,
                ..
            } = *saved;
            machine.set_plan(self.plan());
            progress.set_tokens(machine.tokens());
            let work = Work {
                settings: self.settings,
                call,
                progress,
                accepted: Some(accepted),
                began,
                deadline: began + Duration::from_millis(call.timeout_ms),
                machine,
                briefing: Briefing::new(self.settings, nonce),
                runs,
                seconds,
                code_seconds,
                files: None,
                model_failure: None,
                before: None,
                again,
            };
            work.through(first).await
        }
        .boxed_local()
    }
}

/// An execution under way.
struct Work<'a> {
    settings: &'a Settings,
    call: &'a Call,
    progress: &'a Progress<'a>,
    accepted: Option<oneshot::Sender<()>>,
    began: Instant,
    deadline: Instant,
    machine: Machine,
    briefing: Briefing<'a>,
    /// Programs that ran so far, in all attempts.
    runs: u32,
    /// Seconds that they took.
    code_seconds: f64,
    /// Seconds that were spent on the execution before it waited.
    seconds: f64,
    /// The workspace after the last run.
    files: Option<Vec<FileEntry>>,
    model_failure: Option<Refusal>,
    /// The attempt before, as it ended.
    before: Option<Attempt>,
    /// What waited, when a person has let it run.
    again: Option<Pending>,
}

impl Work<'_> {
    async fn through(mut self, first: Event) -> Executed {
        let mut event = first;
        loop {
            let action = self.machine.next(event);
            self.progress.set_tokens(self.machine.tokens());
            let next = match action {
                Action::End(end) => return self.ended(end).await,
                Action::Propose(code) => return self.proposed(code).await,
                Action::Brief => self.brief().await,
                Action::Report(ran) => self.report(&ran).await,
                _ if self.left().is_zero() => Ok(Event::OutOfTime),
                Action::Check(code) => self.check(code).await,
                Action::Run(code) => self.run(code).await,
                Action::Ask => Ok(self.ask().await),
            };
            event = match next {
                Ok(event) => event,
                Err(refusal) => return self.broken(refusal),
            };
        }
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The same in milliseconds, for a run: at least one.
    fn left_ms(&self) -> u64 {
        u64::try_from(self.left().as_millis())
            .unwrap_or(u64::MAX)
            .max(1)
    }

    /// From here on the answer has the status 200.
    fn accept(accepted: &mut Option<oneshot::Sender<()>>) {
        if let Some(accepted) = accepted.take() {
            // Nobody may be waiting for the news.
            let _ = accepted.send(());
        }
    }

    /// The first messages of an attempt; the attempt before, if there was one, is over.
    async fn brief(&mut self) -> Result<Event, Refusal> {
        if self.machine.attempt() > self.progress.attempt().number {
            self.settle();
            let script = self.call.script_name(self.runs + 1);
            let next = Attempt::new(
                self.machine.attempt(),
                String::new(),
                script,
                timestamp(now_ms()),
            );
            self.before = Some(self.progress.attempt().clone());
            self.progress.begin_next(next).await;
        } else {
            // What ran in this attempt was no Python and so did nothing.
            self.runs = 0;
            let first = self.progress.attempt().started_at;
            *self.progress.attempt() =
                Attempt::new(1, String::new(), self.call.script_name(1), first);
        }
        let files = self.files().await;
        let messages = self
            .briefing
            .opening(self.call, &self.machine, &files)
            .await?;
        Ok(Event::Briefed(messages))
    }

    async fn report(&mut self, ran: &Ran) -> Result<Event, Refusal> {
        let files = self.files().await;
        Ok(Event::Reported(self.briefing.report(ran, &files)?))
    }

    /// The paths of the workspace's files.
    async fn files(&mut self) -> Vec<String> {
        if self.files.is_none() {
            let service = PythonService::new(&self.settings.python_url);
            let listed = service.files(&self.call.session_id).await;
            self.files = Some(listed.map(|list| list.files).unwrap_or_default());
        }
        // The model has these programs, and one that is an instruction is no file to work with.
        let scripts = format!("script_{}", self.call.execution_id);
        let paths = self.files.iter().flatten().map(|file| &file.path);
        paths
            .filter(|path| !path.starts_with(&scripts))
            .cloned()
            .collect()
    }

    /// Completes the record of an attempt that is over.
    fn settle(&self) {
        let mut attempt = self.progress.attempt();
        let failed = self.machine.failed();
        // Where nothing ran, the machine alone knows why.
        if let Some(failed) = failed.iter().find(|failed| failed.number == attempt.number)
            && attempt.error.is_none()
            && attempt.outcome.is_none_or(|outcome| outcome == Outcome::Ok)
        {
            attempt.error = failed.ran.error.clone();
        }
        let before = failed
            .iter()
            .rfind(|failed| failed.number < attempt.number && !failed.code.is_empty());
        if let Some(before) = before.filter(|_| !attempt.code.is_empty()) {
            let diff = similar::TextDiff::from_lines(&before.code, &attempt.code);
            let diff = diff.unified_diff().missing_newline_hint(false).to_string();
            attempt.diff = (!diff.is_empty()).then_some(diff);
        }
    }

    /// Leaves the execution to a person.
    async fn proposed(self, code: String) -> Executed {
        self.take_up(&code);
        self.settle();
        let saved = Saved {
            nonce: self.briefing.into_nonce(),
            runs: self.runs,
            stdin: self.call.stdin.clone(),
            timeout_ms: self.call.timeout_ms,
            seconds: self.seconds + self.began.elapsed().as_secs_f64(),
            code_seconds: self.code_seconds,
            machine: self.machine,
        };
        let machine = serde_json::to_string(&saved).expect(PLAIN);
        ended::proposed(
            self.settings,
            self.call,
            self.progress,
            Pending { machine, code },
        )
    }

    async fn ended(mut self, end: End) -> Executed {
        self.settle();
        self.files().await;
        ended::ended(&self, end)
    }

    fn broken(self, refusal: Refusal) -> Executed {
        self.settle();
        ended::broken(&self, &refusal)
    }
}
