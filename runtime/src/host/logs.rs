//! What components print, in files of the folder of logs.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

/// A guest hands a print of this size over in one write; a larger one comes in several.
const MAX_WRITE_BYTES: usize = 16 << 20;
/// A line longer than this does not wait for its end.
const LONG_LINE_BYTES: usize = 64 << 10;

/// A file that many instances append to.
#[derive(Clone)]
pub(super) struct Log(Arc<Mutex<File>>);

impl Log {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        Ok(Self(Arc::new(Mutex::new(file))))
    }

    /// Appends the whole chunk before anyone else's.
    fn append(&self, chunk: &[u8]) -> io::Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write_all(chunk)
    }
}

/// One instance's stream into a log.
///
/// What an instance prints in one go reaches the file in one piece, and so does a line that it
/// prints in several: whatever ends in the middle of a line waits for the rest.
#[derive(Clone)]
pub(super) struct LogStream(Arc<Shared>);

struct Shared {
    log: Log,
    line: Mutex<Vec<u8>>,
}

impl LogStream {
    pub(super) fn new(log: &Log) -> Self {
        Self(Arc::new(Shared {
            log: log.clone(),
            line: Mutex::default(),
        }))
    }

    fn print(&self, chunk: &[u8]) -> io::Result<()> {
        let mut line = self.0.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.extend_from_slice(chunk);
        if line.ends_with(b"\n") || line.len() > LONG_LINE_BYTES {
            let result = self.0.log.append(&line);
            // Capacity for one large block is not kept for the life of the instance.
            *line = Vec::new();
            return result;
        }
        Ok(())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let line = self.line.get_mut().unwrap_or_else(PoisonError::into_inner);
        // Nobody is left to tell of an error.
        _ = self.log.append(line);
    }
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for LogStream {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        chunk: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(self.print(chunk).map(|()| chunk.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {}
}

impl OutputStream for LogStream {
    fn write(&mut self, chunk: Bytes) -> StreamResult<()> {
        self.print(&chunk)
            .map_err(|error| StreamError::LastOperationFailed(error.into()))
    }

    /// Guests flush after every write, also within a line.
    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(MAX_WRITE_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_two_instances_do_not_mix() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.log");
        let log = Log::open(&path).unwrap();
        let (a, b) = (LogStream::new(&log), LogStream::new(&log));
        a.print(b"a1 ").unwrap();
        b.print(b"b1\nb2\n").unwrap();
        a.print(b"a2\n").unwrap();
        b.print(b"b3").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "b1\nb2\na1 a2\n");
        drop(b);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "b1\nb2\na1 a2\nb3");
    }
}
