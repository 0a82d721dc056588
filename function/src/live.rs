//! What an execution tells while it happens: to its caller, who may want to hear it, and to the history, where
//! anybody else can follow it.

mod catch_up;
mod mark;
mod recorded;
mod scrub;

use std::cell::RefCell;
use std::convert::Infallible;
use std::time::Duration;

use api::live::LiveEvent;
use api::python::MimeBundle;
use api::tool::Mode;
use axum::extract::FromRequestParts;
use futures::channel::mpsc::UnboundedSender;
use http::request::Parts;

use crate::accept::wants_events;
use crate::call::Call;
use crate::settings::Settings;
use scrub::Scrub;

pub use catch_up::catch_up;
pub use mark::Mark;
pub use recorded::{recorded, recorded_now};

/// How often what was told is written to the history, and how old an execution is when that begins: the commonest
/// call is over long before.
pub const TELL_EVERY: Duration = Duration::from_millis(200);

/// A caller who wants to hear what happens. What waits for him is no more than what the attempt itself keeps, and
/// limits of output bound that.
pub type Listener = UnboundedSender<LiveEvent>;

/// What a caller wants for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// What it came to.
    Outcome,
    /// What happens, as it happens: `Accept` names the media type of events.
    Events,
    /// That it has begun.
    Receipt,
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(match wants_events(&parts.headers) {
            true => Self::Events,
            false => Self::Outcome,
        })
    }
}

/// What one execution tells.
pub struct Live<'a> {
    settings: &'a Settings,
    listener: Option<Listener>,
    /// A program of which it is not known yet whether it is one.
    held: RefCell<Option<LiveEvent>>,
    scrubs: RefCell<Scrubs>,
    /// What the history does not know.
    untold: RefCell<Vec<LiveEvent>>,
}

/// One for each text that comes in pieces.
#[derive(Default)]
struct Scrubs {
    stdout: Scrub,
    stderr: Scrub,
    model: Scrub,
}

impl<'a> Live<'a> {
    /// Tells the listener, if there is one, and the history.
    pub fn new(settings: &'a Settings, listener: Option<Listener>) -> Self {
        // As what is kept: what programs do without a model has never seen a secret.
        let scrubs = match settings.mode {
            Mode::Native => Scrubs::default(),
            Mode::OpenInterpreter => {
                let scrub = || Scrub::new(&settings.secrets());
                Scrubs {
                    stdout: scrub(),
                    stderr: scrub(),
                    model: scrub(),
                }
            }
        };
        Self {
            settings,
            listener,
            held: RefCell::default(),
            scrubs: RefCell::new(scrubs),
            untold: RefCell::default(),
        }
    }

    /// It is recorded. The history knows that.
    pub fn started(&self, call: &Call) {
        self.hear(|| LiveEvent::Started {
            execution_id: call.execution_id.to_string(),
            session_id: call.session_id.id().to_owned(),
            mode: self.settings.mode,
        });
    }

    /// A program is about to run.
    pub fn attempt(&self, number: u32, code: &str, reason: Option<String>) {
        self.hold(number, code, reason);
        self.release();
    }

    /// A program is about to run, if it is one: told when it writes something, or with [`Self::release`].
    pub fn hold(&self, number: u32, code: &str, reason: Option<String>) {
        self.texts_end();
        let attempt = LiveEvent::Attempt {
            number,
            code: self.redacted(code),
            reason: reason.map(|reason| self.redacted(&reason)),
        };
        self.held.replace(Some(attempt));
    }

    /// It is a program.
    pub fn release(&self) {
        if let Some(attempt) = self.held.take() {
            self.tell(attempt);
        }
    }

    /// It is none.
    pub fn withdraw(&self) {
        self.held.take();
    }

    /// Text that a program wrote.
    pub fn stdout(&self, text: String) {
        self.release();
        let text = self.scrubs.borrow_mut().stdout.push(text);
        self.tell(LiveEvent::Stdout { text });
    }

    /// The same for standard error.
    pub fn stderr(&self, text: String) {
        self.release();
        let text = self.scrubs.borrow_mut().stderr.push(text);
        self.tell(LiveEvent::Stderr { text });
    }

    /// Something to show.
    pub fn result(&self, bundle: &MimeBundle) {
        self.release();
        self.tell(LiveEvent::Result(self.settings.redacted_all(bundle)));
    }

    /// Text that a model wrote.
    pub fn model(&self, text: String) {
        let text = self.scrubs.borrow_mut().model.push(text);
        self.tell(LiveEvent::Model { text });
    }

    /// Nothing more comes of any text: what was held back of it is told.
    pub fn texts_end(&self) {
        let mut scrubs = self.scrubs.borrow_mut();
        let (stdout, stderr) = (scrubs.stdout.end(), scrubs.stderr.end());
        let model = scrubs.model.end();
        drop(scrubs);
        self.tell(LiveEvent::Stdout { text: stdout });
        self.tell(LiveEvent::Stderr { text: stderr });
        self.tell(LiveEvent::Model { text: model });
    }

    /// What the history does not know yet, and knows from now on.
    pub fn untold(&self) -> Vec<LiveEvent> {
        self.untold.take()
    }

    fn redacted(&self, text: &str) -> String {
        match self.settings.mode {
            Mode::Native => text.to_owned(),
            Mode::OpenInterpreter => self.settings.redacted(text),
        }
    }

    fn tell(&self, event: LiveEvent) {
        if text_of(&event).is_some_and(str::is_empty) {
            return;
        }
        self.hear(|| event.clone());
        gather(&mut self.untold.borrow_mut(), event);
    }

    fn hear(&self, event: impl FnOnce() -> LiveEvent) {
        if let Some(listener) = &self.listener {
            // Whoever hung up is noticed elsewhere.
            let _ = listener.unbounded_send(event());
        }
    }
}

/// Adds an event; text that follows on text of its kind becomes one with it.
pub fn gather(events: &mut Vec<LiveEvent>, event: LiveEvent) {
    match (events.last_mut(), &event) {
        (Some(LiveEvent::Stdout { text }), LiveEvent::Stdout { text: more })
        | (Some(LiveEvent::Stderr { text }), LiveEvent::Stderr { text: more })
        | (Some(LiveEvent::Model { text }), LiveEvent::Model { text: more }) => text.push_str(more),
        _ => events.push(event),
    }
}

fn text_of(event: &LiveEvent) -> Option<&str> {
    match event {
        LiveEvent::Stdout { text } | LiveEvent::Stderr { text } | LiveEvent::Model { text } => {
            Some(text)
        }
        _ => None,
    }
}
