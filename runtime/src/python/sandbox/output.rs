//! What a program writes, on its way to whoever watches.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use api::python::{RunEvent, RunRequest};
use bytes::Bytes;
use tokio::io::AsyncWrite;
use tokio::sync::Notify;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// Events that wait to be sent. It needs no bound of its own: what can get in is bounded by the run's
/// limits of output and results. Text that waits is joined, so a slow reader gets few large events.
#[derive(Default)]
pub struct Outbox {
    events: Mutex<VecDeque<RunEvent>>,
    arrived: Notify,
}

impl Outbox {
    /// Adds an event.
    pub fn push(&self, event: RunEvent) {
        let mut events = lock(&self.events);
        match (events.back_mut(), &event) {
            (Some(RunEvent::Stdout { text }), RunEvent::Stdout { text: more })
            | (Some(RunEvent::Stderr { text }), RunEvent::Stderr { text: more }) => {
                text.push_str(more)
            }
            _ => events.push_back(event),
        }
        drop(events);
        self.arrived.notify_one();
    }

    /// Waits for events and takes all there are.
    pub async fn take(&self) -> VecDeque<RunEvent> {
        loop {
            let events = std::mem::take(&mut *lock(&self.events));
            if !events.is_empty() {
                return events;
            }
            self.arrived.notified().await;
        }
    }
}

/// One of a program's output streams: bytes in, text events out, up to the limit.
#[derive(Clone)]
pub(in crate::python) struct Pipe {
    stream: Stream,
    outbox: Arc<Outbox>,
    state: Arc<Mutex<PipeState>>,
}

struct PipeState {
    left: u64,
    dropped: u64,
    /// The beginning of a character whose end has not been written yet.
    partial: Vec<u8>,
}

impl Pipe {
    pub(in crate::python) fn new(
        stream: Stream,
        request: &RunRequest,
        outbox: &Arc<Outbox>,
    ) -> Self {
        let state = PipeState {
            left: request.max_output_bytes,
            dropped: 0,
            partial: Vec::new(),
        };
        Self {
            stream,
            outbox: outbox.clone(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Bytes that came after the limit.
    pub(super) fn dropped(&self) -> u64 {
        lock(&self.state).dropped
    }

    /// Sends what is left of a character that was never finished.
    pub(super) fn finish(&self) {
        let partial = std::mem::take(&mut lock(&self.state).partial);
        self.send(String::from_utf8_lossy(&partial).into_owned());
    }

    fn accept(&self, bytes: &[u8]) {
        let mut state = lock(&self.state);
        let kept = bytes
            .len()
            .min(usize::try_from(state.left).unwrap_or(usize::MAX));
        state.left -= kept as u64;
        state.dropped += (bytes.len() - kept) as u64;
        if kept == 0 {
            return;
        }
        let mut pending = std::mem::take(&mut state.partial);
        pending.extend_from_slice(&bytes[..kept]);
        let (text, partial) = decode(&pending);
        state.partial = partial.to_vec();
        drop(state);
        self.send(text);
    }

    fn send(&self, text: String) {
        if !text.is_empty() {
            self.outbox.push(match self.stream {
                Stream::Stdout => RunEvent::Stdout { text },
                Stream::Stderr => RunEvent::Stderr { text },
            });
        }
    }
}

/// As much text as the bytes hold, and what may be the beginning of one more character.
fn decode(bytes: &[u8]) -> (String, &[u8]) {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        match std::str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                return (text, &[]);
            }
            Err(error) => {
                let (valid, bad) = rest.split_at(error.valid_up_to());
                text.push_str(&String::from_utf8_lossy(valid));
                let Some(length) = error.error_len() else {
                    return (text, bad);
                };
                text.push(char::REPLACEMENT_CHARACTER);
                rest = &bad[length..];
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it holds one of these, and a queue of events is whole at any moment.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl IsTerminal for Pipe {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Pipe {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Pipe {
    async fn ready(&mut self) {}
}

impl OutputStream for Pipe {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.accept(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> Result<usize, StreamError> {
        Ok(1 << 20)
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.accept(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_two_writes_is_one_character() {
        let euro = "€".as_bytes();
        let (text, partial) = decode(&euro[..2]);
        assert_eq!((text.as_str(), partial), ("", &euro[..2]));
        assert_eq!(decode(euro), ("€".to_owned(), &[][..]));
    }

    #[test]
    fn invalid_bytes_become_replacement_characters() {
        assert_eq!(
            decode(b"a\xff\xfeb"),
            ("a\u{fffd}\u{fffd}b".to_owned(), &[][..])
        );
    }
}
