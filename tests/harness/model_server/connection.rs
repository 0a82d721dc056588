//! HTTP/1.1 as a small server speaks it: one request, one answer, the end.

use std::io::{BufRead, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::asked::Asked;

/// A client's connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

/// A request that has come whole.
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self {
            stream: BufReader::new(stream),
        }
    }

    /// The request, with a body of JSON; none where the client leaves before it is whole.
    pub(super) fn read(&mut self) -> Option<Asked> {
        let Request {
            method,
            path,
            headers,
            body,
        } = self.request()?;
        let body = serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()));
        Some(Asked {
            method,
            path,
            headers,
            body,
        })
    }

    /// The same with whatever body.
    pub(crate) fn request(&mut self) -> Option<Request> {
        let first = self.line()?;
        let mut words = first.split(' ').map(str::to_owned);
        let (method, path) = (words.next()?, words.next()?);
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let header = |wanted: &str| {
            let mut all = headers.iter();
            all.find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        };
        if header("expect").is_some() && !interim(self.stream.get_mut()) {
            return None;
        }
        let body = match header("content-length") {
            Some((_, length)) => self.bytes(length.parse().ok()?)?,
            None if header("transfer-encoding").is_some() => self.chunks()?,
            None => Vec::new(),
        };
        Some(Request {
            method,
            path,
            headers,
            body,
        })
    }

    /// Sends bytes at once; false if nobody listens any more.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        let stream = self.stream.get_mut();
        stream
            .write_all(bytes)
            .and_then(|()| stream.flush())
            .is_ok()
    }

    /// Whether the client hangs up within this time; comes back as soon as it does.
    pub(super) fn hangs_up_within(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let stream = self.stream.get_mut();
            stream
                .set_read_timeout(Some(left))
                .expect("the time is not zero");
            match stream.read(&mut [0]) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {}
                    _ => return true,
                },
            }
        }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    }

    fn bytes(&mut self, length: usize) -> Option<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    fn chunks(&mut self) -> Option<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).ok()?;
            body.extend(self.bytes(length)?);
            self.line()?;
            if length == 0 {
                return Some(body);
            }
        }
    }
}

/// Says, as servers do that know `Expect`, that the body may come.
fn interim(stream: &mut TcpStream) -> bool {
    stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").is_ok()
}
