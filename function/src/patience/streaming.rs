//! Answering with what happens, as it happens: server-sent events, the last of which is the plain answer.

use std::future::{pending, ready};
use std::pin::pin;

use api::live::LiveEvent;
use axum::response::Response;
use bytes::Bytes;
use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use futures::{FutureExt as _, StreamExt as _};
use spin_sdk::time::sleep;

use super::{BEAT, lost, plain};
use crate::execution::Done;
use crate::live::gather;
use crate::sse::{self, Teller};

/// How what happens is written down.
pub trait Form: Send + 'static {
    /// What was told, and the end if it has come. Nothing is written of what needs no word.
    fn write(&mut self, told: Vec<LiveEvent>, done: Option<Done>) -> Bytes;

    /// Whether the caller has said, by another way than hanging up, that nobody waits any more.
    fn is_called_off(&mut self) -> impl Future<Output = bool> + Send {
        ready(false)
    }
}

/// As the API has it: an event each, with its word and its number.
struct Events {
    /// Of the last event that was sent.
    number: u64,
}

impl Form for Events {
    fn write(&mut self, mut told: Vec<LiveEvent>, done: Option<Done>) -> Bytes {
        told.extend(done.map(|done| LiveEvent::Finished(Box::new(done.response))));
        let mut chunk = Vec::new();
        for event in told {
            self.number += 1;
            let id = self.number.to_string();
            chunk.extend_from_slice(&sse::frame(event.name(), Some(&id), &event));
        }
        chunk.into()
    }
}

/// Answers with events, unless the call is refused before anything runs: that answer is the plain one. It beats with
/// comments while nothing happens, so that a caller who hangs up is noticed as soon as with a plain answer.
pub async fn stream(
    mut outcome: oneshot::Receiver<Done>,
    accepted: oneshot::Receiver<()>,
    mut events: mpsc::UnboundedReceiver<LiveEvent>,
) -> Response {
    let mut told = Vec::new();
    let is_refused = {
        let accepted = async {
            if accepted.await.is_err() {
                // It never will be: the refusal is on its way.
                pending().await
            }
        };
        let certain = async {
            // That it is recorded does not say that it will run; what comes after it does.
            told.extend(events.next().await);
            if let Either::Right((event, _)) = select(pin!(accepted), events.next()).await {
                told.extend(event);
            }
        };
        match select(&mut outcome, pin!(certain)).await {
            Either::Left((done, _)) => Some(done.unwrap_or_else(|_| lost())),
            Either::Right(_) => None,
        }
    };
    let outcome = match is_refused {
        Some(done) if done.response.metadata.code.is_some() => return plain(done),
        Some(done) => over(done),
        None => outcome,
    };
    tell(outcome, told, events, Events { number: 0 })
}

/// Answers with what was told, what is told from now on, and the outcome.
pub fn tell(
    outcome: oneshot::Receiver<Done>,
    told: Vec<LiveEvent>,
    events: mpsc::UnboundedReceiver<LiveEvent>,
    form: impl Form,
) -> Response {
    sse::stream(Telling {
        told,
        events,
        outcome: Some(outcome),
        form,
    })
}

/// A body under way. With it goes the receiver of the outcome, which tells the one who works.
struct Telling<F> {
    /// Events that are to be sent.
    told: Vec<LiveEvent>,
    /// Events that are to come.
    events: mpsc::UnboundedReceiver<LiveEvent>,
    /// None when it was sent.
    outcome: Option<oneshot::Receiver<Done>>,
    /// How it is written.
    form: F,
}

/// An outcome that is there already.
fn over(done: Done) -> oneshot::Receiver<Done> {
    let (sender, outcome) = oneshot::channel();
    // Its receiver is there.
    let _ = sender.send(done);
    outcome
}

impl<F: Form> Teller for Telling<F> {
    /// What to send next: all that there is, or a beat.
    async fn next(&mut self) -> Option<Bytes> {
        let mut outcome = self.outcome.take()?;
        if self.form.is_called_off().await {
            return None;
        }
        let happened = match self.told.is_empty() {
            true => self.wait(&mut outcome).await,
            false => Some(outcome.try_recv().ok().flatten()),
        };
        if !matches!(happened, Some(Some(_))) {
            self.outcome = Some(outcome);
        }
        let Some(done) = happened else {
            return Some(sse::comment());
        };
        // What came meanwhile goes with it.
        while let Some(Some(event)) = self.events.next().now_or_never() {
            gather(&mut self.told, event);
        }
        let written = self.form.write(std::mem::take(&mut self.told), done);
        // A component finds out that its caller has gone when it writes.
        Some(if written.is_empty() {
            sse::comment()
        } else {
            written
        })
    }
}

impl<F: Form> Telling<F> {
    /// Waits for an event, which it keeps, or for the outcome; nothing if neither comes soon.
    async fn wait(&mut self, outcome: &mut oneshot::Receiver<Done>) -> Option<Option<Done>> {
        let happens = select(&mut *outcome, self.events.next());
        match select(happens, pin!(sleep(BEAT))).await {
            Either::Left((Either::Left((done, _)), _)) => {
                Some(Some(done.unwrap_or_else(|_| lost())))
            }
            Either::Left((Either::Right((Some(event), _)), _)) => {
                self.told.push(event);
                Some(None)
            }
            // Nothing more is told, so there is an outcome.
            Either::Left((Either::Right((None, _)), _)) => {
                Some(Some(outcome.await.unwrap_or_else(|_| lost())))
            }
            Either::Right(_) => None,
        }
    }
}
