//! Answering with what happens, as it happens, in whatever form the caller reads.

use std::future::{pending, ready};
use std::pin::pin;

use api::live::LiveEvent;
use axum::response::Response;
use bytes::Bytes;
use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use futures::{FutureExt as _, StreamExt as _};
use spin_sdk::time::sleep;

use super::{BEAT, lost};
use crate::execution::Done;
use crate::live::gather;
use crate::sse::{self, EVENT_STREAM, Teller};

/// How what happens is written.
pub trait Wire: Send + 'static {
    /// The media type of the answer.
    const MEDIA_TYPE: &'static str;

    /// What is written when there is nothing to write: an answer under way must not fall silent.
    fn beat() -> Bytes;

    /// Writes what happened.
    fn tell(&mut self, event: LiveEvent, chunk: &mut Vec<u8>);

    /// Writes what was held back, when nothing has happened for a moment.
    fn pause(&mut self, _chunk: &mut Vec<u8>) {}

    /// Writes the end.
    fn end(&mut self, done: Done, chunk: &mut Vec<u8>);

    /// Whether the caller has said, by another way than hanging up, that nobody waits any more.
    fn is_called_off(&mut self) -> impl Future<Output = bool> + Send {
        ready(false)
    }
}

/// Server-sent events, numbered; the last has the plain answer.
#[derive(Default)]
pub struct Events {
    number: u64,
}

impl Wire for Events {
    const MEDIA_TYPE: &'static str = EVENT_STREAM;

    fn beat() -> Bytes {
        sse::comment()
    }

    fn tell(&mut self, event: LiveEvent, chunk: &mut Vec<u8>) {
        self.number += 1;
        let id = self.number.to_string();
        chunk.extend_from_slice(&sse::frame(event.name(), Some(&id), &event));
    }

    fn end(&mut self, done: Done, chunk: &mut Vec<u8>) {
        self.tell(LiveEvent::Finished(Box::new(done.response)), chunk);
    }
}

/// Answers with what happens, unless the call is refused before anything runs. It beats while nothing does, so that
/// a caller who hangs up is noticed as soon as with a plain answer.
pub async fn stream<W: Wire>(
    wire: W,
    mut outcome: oneshot::Receiver<Done>,
    accepted: oneshot::Receiver<()>,
    mut events: mpsc::UnboundedReceiver<LiveEvent>,
) -> Result<Response, Done> {
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
        Some(done) if done.response.metadata.code.is_some() => return Err(done),
        Some(done) => over(done),
        None => outcome,
    };
    Ok(tell(wire, told, outcome, events))
}

/// Answers with what was told, what is told from now on, and the outcome.
pub fn tell<W: Wire>(
    wire: W,
    told: Vec<LiveEvent>,
    outcome: oneshot::Receiver<Done>,
    events: mpsc::UnboundedReceiver<LiveEvent>,
) -> Response {
    sse::stream_as(
        W::MEDIA_TYPE,
        Telling {
            wire,
            told,
            events,
            outcome: Some(outcome),
        },
    )
}

/// A body under way. With it goes the receiver of the outcome, which tells the one who works.
struct Telling<W> {
    wire: W,
    /// Events that are to be sent.
    told: Vec<LiveEvent>,
    /// Events that are to come.
    events: mpsc::UnboundedReceiver<LiveEvent>,
    /// None when it was sent.
    outcome: Option<oneshot::Receiver<Done>>,
}

/// An outcome that is there already.
fn over(done: Done) -> oneshot::Receiver<Done> {
    let (sender, outcome) = oneshot::channel();
    // Its receiver is there.
    let _ = sender.send(done);
    outcome
}

impl<W: Wire> Teller for Telling<W> {
    /// What to send next: all that there is, or a beat.
    async fn next(&mut self) -> Option<Bytes> {
        if self.wire.is_called_off().await {
            return None;
        }
        let mut outcome = self.outcome.take()?;
        let happened = match self.told.is_empty() {
            true => self.wait(&mut outcome).await,
            false => Some(outcome.try_recv().ok().flatten()),
        };
        if !matches!(happened, Some(Some(_))) {
            self.outcome = Some(outcome);
        }
        // What came meanwhile goes with it.
        while let Some(Some(event)) = self.events.next().now_or_never() {
            gather(&mut self.told, event);
        }
        let mut chunk = Vec::new();
        if happened.is_none() && self.told.is_empty() {
            self.wire.pause(&mut chunk);
        }
        for event in self.told.drain(..) {
            self.wire.tell(event, &mut chunk);
        }
        if let Some(Some(done)) = happened {
            self.wire.end(done, &mut chunk);
        }
        // Nothing is not to be written: a caller who goes just then is taken to be there, and the next write ends this
        // instance with all that it does.
        Some(match chunk.is_empty() {
            true => W::beat(),
            false => chunk.into(),
        })
    }
}

impl<W: Wire> Telling<W> {
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
