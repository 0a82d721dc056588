//! How far an execution has come: the attempt under way, which is recorded whatever becomes of it.

use std::cell::{Cell, RefCell, RefMut};

use api::ExecutionId;
use api::files::FileEntry;
use api::history::Attempt;
use api::python::{MimeBundle, Outcome};
use api::tool::Tokens;

use crate::call::Call;
use crate::clock::timestamp;
use crate::history::{History, note};
use crate::live::{Listener, Live};
use crate::settings::Settings;
use crate::trace::Span;

/// Shared by the executor, which fills it, and the execution, which records it.
pub struct Progress<'a> {
    settings: &'a Settings,
    history: History,
    execution_id: ExecutionId,
    attempt: RefCell<Attempt>,
    tokens: Cell<Tokens>,
    live: Live<'a>,
    workspace: Cell<Option<Workspace>>,
    trace: Span,
}

/// How large a workspace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workspace {
    /// Bytes of its files.
    pub bytes: u64,
    /// How many they are.
    pub files: u64,
}

impl<'a> Progress<'a> {
    /// Of an execution whose attempt is recorded as begun.
    pub fn new(
        settings: &'a Settings,
        history: History,
        execution_id: ExecutionId,
        attempt: Attempt,
        listener: Option<Listener>,
        trace: Span,
    ) -> Self {
        Self {
            live: Live::new(settings, listener),
            workspace: Cell::default(),
            settings,
            history,
            execution_id,
            attempt: RefCell::new(attempt),
            tokens: Cell::default(),
            trace,
        }
    }

    /// The attempt under way. Not to be held while anything is awaited.
    pub fn attempt(&self) -> RefMut<'_, Attempt> {
        self.attempt.borrow_mut()
    }

    /// What is told of it.
    pub fn live(&self) -> &Live<'a> {
        &self.live
    }

    /// The span of all of it.
    pub fn trace(&self) -> &Span {
        &self.trace
    }

    /// The workspace after the last run that ended.
    pub fn workspace(&self) -> Option<Workspace> {
        self.workspace.get()
    }

    /// Tells the history what it does not know yet of what was told.
    pub async fn tell(&self) {
        let events = self.live.untold();
        if !events.is_empty() {
            note(self.history.tell(&self.execution_id, &events).await);
        }
    }

    /// Text that a program wrote.
    pub(super) fn stdout(&self, text: String) {
        self.attempt().stdout.push_str(&text);
        self.live.stdout(text);
    }

    /// The same for standard error.
    pub(super) fn stderr(&self, text: String) {
        self.attempt().stderr.push_str(&text);
        self.live.stderr(text);
    }

    /// Something to show.
    pub(super) fn result(&self, bundle: MimeBundle) {
        self.live.result(&bundle);
        self.attempt().results.push(bundle);
    }

    /// The files after a run.
    pub(super) fn set_files(&self, files: &[FileEntry]) {
        self.workspace.set(Some(Workspace {
            bytes: files.iter().map(|file| file.info.size).sum(),
            files: files.len() as u64,
        }));
    }

    /// What a model has read and written so far.
    pub fn tokens(&self) -> Tokens {
        self.tokens.get()
    }

    /// Sets what a model has read and written so far.
    pub fn set_tokens(&self, tokens: Tokens) {
        self.tokens.set(tokens);
    }

    /// Notes that what runs is cancelled, if anything does.
    pub fn cancelled(&self) {
        let mut attempt = self.attempt();
        if attempt.outcome.is_none() && !attempt.code.is_empty() {
            attempt.outcome = Some(Outcome::Cancelled);
        }
    }

    /// Records the attempt under way as it is: what was said to the model, what ran, and the code that is about to.
    pub async fn note(&self) {
        let attempt = self.settings.redacted_all(&*self.attempt());
        let (history, id) = (&self.history, &self.execution_id);
        note(history.begin_attempt(id, &attempt).await);
        note(history.end_attempt(id, &attempt).await);
    }

    /// Records how the attempt ended, and begins the next one. A history that can't be written costs the caller
    /// nothing but the record.
    pub async fn begin_next(&self, next: Attempt) {
        let ended = self.attempt.replace(next.clone());
        let ended = self.settings.redacted_all(&ended);
        note(self.history.end_attempt(&self.execution_id, &ended).await);
        note(self.history.begin_attempt(&self.execution_id, &next).await);
    }
}

/// The first attempt of a call.
pub fn first_attempt(call: &Call, started_at: i64) -> Attempt {
    Attempt::new(
        1,
        call.code.clone(),
        call.script_name(1),
        timestamp(started_at),
    )
}
