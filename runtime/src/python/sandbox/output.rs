//! What a program writes, on its way to whoever watches.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use api::python::{RunEvent, RunRequest};
use bytes::Bytes;
use service::output::Output;
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
    output: Arc<Mutex<Output>>,
}

impl Pipe {
    pub(in crate::python) fn new(
        stream: Stream,
        request: &RunRequest,
        outbox: &Arc<Outbox>,
    ) -> Self {
        Self {
            stream,
            outbox: outbox.clone(),
            output: Arc::new(Mutex::new(Output::new(request.max_output_bytes))),
        }
    }

    /// Bytes that came after the limit.
    pub(super) fn dropped(&self) -> u64 {
        lock(&self.output).dropped()
    }

    /// Sends what is left of a character that was never finished.
    pub(super) fn finish(&self) {
        let text = lock(&self.output).finish();
        self.send(text);
    }

    fn accept(&self, bytes: &[u8]) {
        let text = lock(&self.output).accept(bytes);
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
