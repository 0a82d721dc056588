//! Requests as they are written, and answers with everything that is known about them.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::{HeaderMap, Request, Response};

use super::process::{Log, Process};

/// No answer takes this long unless something hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// A client of one server.
pub(crate) struct Http {
    agent: Agent,
    address: String,
    log: Log,
    token: Option<String>,
}

impl Http {
    pub(crate) fn new(process: &Process) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE));
        Self {
            agent: config.build().into(),
            address: process.address().to_owned(),
            log: process.log().clone(),
            token: None,
        }
    }

    /// The same client, sending a bearer token with every request.
    pub(crate) fn bearer(&self, token: &str) -> Self {
        let (agent, address, log) = (self.agent.clone(), self.address.clone(), self.log.clone());
        Self {
            agent,
            address,
            log,
            token: Some(token.to_owned()),
        }
    }

    /// Where a path is, for clients of other makes.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn head(&self, path: &str) -> Reply {
        self.send("HEAD", path, &[], b"")
    }

    pub(crate) fn put(&self, path: &str, body: impl AsRef<[u8]>) -> Reply {
        self.send("PUT", path, &[], body)
    }

    pub(crate) fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], b"")
    }

    pub(crate) fn post_json(&self, path: &str, body: &serde_json::Value) -> Reply {
        self.send(
            "POST",
            path,
            &[("content-type", "application/json")],
            body.to_string(),
        )
    }

    /// Sends a request; `path` goes out exactly as given.
    ///
    /// # Panics
    /// If there is no HTTP answer at all.
    #[track_caller]
    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Reply {
        let body = body.as_ref();
        let request = describe(method, path, headers, body);
        let (parts, mut body) = self.open(method, path, headers, body).into_parts();
        let mut bytes = Vec::new();
        if let Err(error) = body.as_reader().read_to_end(&mut bytes) {
            panic!(
                "{request}\nthe answer broke off: {error}\nserver:\n{}",
                self.log.text()
            );
        }
        Reply {
            request,
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: bytes,
            log: self.log.clone(),
        }
    }

    /// Sends a request and gives the answer before its body has been read.
    #[track_caller]
    pub(crate) fn open(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response<ureq::Body> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = match method {
            "GET" | "HEAD" | "DELETE" => self.agent.run(request.body(()).expect("a valid request")),
            _ => self.agent.run(request.body(body).expect("a valid request")),
        };
        answer.unwrap_or_else(|error| {
            panic!(
                "{method} {path}: no answer: {error}\nserver:\n{}",
                self.log.text()
            )
        })
    }
}

/// An answer. Shown, it is the request, the answer and the server's own output.
pub(crate) struct Reply {
    request: String,
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    log: Log,
}

impl Reply {
    /// Asserts the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "\n{self}");
        self
    }

    /// Asserts that it is refused with a status and an [`api::error::ErrorBody`] with that word.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        let reply = self.expect(status);
        let body: serde_json::Value = reply.json();
        assert_eq!(body["code"], code, "\n{reply}");
        assert!(
            body["error"]
                .as_str()
                .is_some_and(|error| !error.is_empty()),
            "it does not say why\n{reply}"
        );
        reply
    }

    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_else(|error| panic!("not UTF-8: {error}\n{self}"))
    }

    /// A header's value, or the empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("headers are ASCII"))
    }

    /// Every value of a header that may be there more than once.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.headers.get_all(name).into_iter();
        values.map(|value| value.to_str().expect("headers are ASCII"))
    }

    #[track_caller]
    pub(crate) fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not the JSON expected: {error}\n{self}"))
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "> {}", self.request)?;
        writeln!(f, "< {}", self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "< {name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
        }
        writeln!(f, "{}", shortened(&self.body))?;
        writeln!(f, "server:\n{}", self.log.text())
    }
}

fn describe(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> String {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("\n> {name}: {value}"))
        .collect();
    format!("{method} {path}{headers}\n{}", shortened(body))
}

/// A body as text, without burying the rest of a failure's message.
fn shortened(body: &[u8]) -> String {
    const SHOWN: usize = 8192;
    let text = String::from_utf8_lossy(&body[..body.len().min(SHOWN)]).into_owned();
    if body.len() > SHOWN {
        format!("{text}… ({} bytes)", body.len())
    } else {
        text
    }
}
