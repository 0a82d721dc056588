//! The python service, as the function sees it: an HTTP server at `python_url`, wherever that is.

mod lines;
mod run;

use api::error::ErrorBody;
use api::python::Health;
use api::{SessionKey, WorkspacePath};
use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::join;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyDataStream;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::wasip3::http::types::{ErrorCode, RequestOptions};
use spin_sdk::wasip3::http_compat::{IncomingResponseBody, RequestOptionsExtension};

use crate::request;
use crate::spawned::start_spawned;
use crate::words::words;

pub use lines::{BadLine, Lines};
pub use run::Run;

const NANOSECONDS_A_SECOND: u64 = 1_000_000_000;
/// A service that is there accepts at once.
const CONNECT_TIMEOUT_SECONDS: u64 = 10;
/// It sends its response head before it does anything long.
const FIRST_BYTE_TIMEOUT_SECONDS: u64 = 60;
/// A run may be silent for as long as the largest timeout there can be, and wait in the queue before; how long
/// this one may, [`Run`] knows better.
const BETWEEN_BYTES_TIMEOUT_SECONDS: u64 = 2 * 86_400;
/// A refusal that is larger is none of the service's.
const MAX_REFUSAL_BYTES: usize = 64 << 10;
/// An answer that isn't a file or a run: health, or the list of every file.
const MAX_JSON_BYTES: usize = 64 << 20;

/// Its metrics are a few dozen lines.
const MAX_METRICS_BYTES: usize = 1 << 20;

/// What stays readable in a path; everything else is percent-encoded.
pub const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// Why the python service did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PythonServiceError {
    /// No connection, or none that lasted until the response head.
    #[error("can't reach the python service at {url}: {}", reason(.source))]
    Unreachable {
        /// `python_url`.
        url: String,
        /// What the host says.
        source: ErrorCode,
    },
    /// It refused, and said why.
    #[error("{0}", .body.error)]
    Refused {
        /// In its own words.
        body: ErrorBody,
        /// When to come again.
        retry_after: Option<String>,
    },
    /// It answered what a python service would not.
    #[error("{url} does not answer as the python service does: {what}")]
    Foreign {
        /// `python_url`.
        url: String,
        /// What it did.
        what: String,
    },
    /// It accepted a run and then said nothing for longer than the run may take.
    #[error("the python service at {url} went silent: {what}")]
    Silent {
        /// `python_url`.
        url: String,
        /// For how long, and what should have come.
        what: String,
    },
    /// The connection broke while an answer arrived.
    #[error("the python service at {url} broke off: {what}")]
    BrokeOff {
        /// `python_url`.
        url: String,
        /// Where.
        what: String,
    },
}

impl PythonServiceError {
    /// One word for it; of a refusal, the service's own.
    pub fn kind(&self) -> Result<&'static str, api::error::ErrorCode> {
        match self {
            Self::Unreachable { .. } => Ok("unreachable"),
            Self::Refused { body, .. } => Err(body.code),
            Self::Foreign { .. } => Ok("foreign"),
            Self::Silent { .. } => Ok("timeout"),
            Self::BrokeOff { .. } => Ok("broke_off"),
        }
    }
}

/// A client of the python service.
#[derive(Debug, Clone, Copy)]
pub struct PythonService<'a> {
    url: &'a str,
}

impl<'a> PythonService<'a> {
    /// The service at `url`, which has no slash at its end.
    pub fn new(url: &'a str) -> Self {
        Self { url }
    }

    /// `GET /v1/health`.
    pub async fn health(&self) -> Result<Health, PythonServiceError> {
        let response = self
            .send(Method::GET, "/v1/health", Body::empty(), |request| request)
            .await?;
        self.json(self.accepted(response).await?).await
    }

    /// `GET /metrics`, as it is.
    pub async fn metrics(&self) -> Result<String, PythonServiceError> {
        let response = self
            .send(Method::GET, "/metrics", Body::empty(), |request| request)
            .await?;
        let response = self.accepted(response).await?;
        let media_type = response.headers().get(header::CONTENT_TYPE);
        if !media_type.is_some_and(|value| value.as_bytes().starts_with(b"text/plain")) {
            return Err(self.foreign("metrics that are no text".to_owned()));
        }
        let bytes = self.bytes(response, MAX_METRICS_BYTES).await?;
        String::from_utf8(bytes.into()).map_err(|error| self.foreign(error.to_string()))
    }

    /// Every file of a session, ordered by path.
    pub async fn files(
        &self,
        session_id: &SessionKey,
    ) -> Result<api::files::FileList, PythonServiceError> {
        let path = format!("{}/files", path_of(session_id));
        let response = self
            .send(Method::GET, &path, Body::empty(), |request| request)
            .await?;
        self.json(self.accepted(response).await?).await
    }

    /// Deletes a session's workspace; says whether there was one.
    pub async fn delete_workspace(
        &self,
        session_id: &SessionKey,
    ) -> Result<bool, PythonServiceError> {
        let path = path_of(session_id);
        let response = self
            .send(Method::DELETE, &path, Body::empty(), |request| request)
            .await?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(false);
        }
        self.accepted(response).await.map(|_| true)
    }

    /// One request about one file, passed on whole; so is the answer, whatever it is.
    pub async fn file(
        &self,
        method: Method,
        session_id: &SessionKey,
        path: &WorkspacePath,
        body: Body,
        headers: impl FnOnce(http::request::Builder) -> http::request::Builder,
    ) -> Result<Response<IncomingResponseBody>, PythonServiceError> {
        let path = utf8_percent_encode(path.as_str(), SEGMENT);
        self.send(
            method,
            &format!("{}/files/{path}", path_of(session_id)),
            body,
            headers,
        )
        .await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Body,
        headers: impl FnOnce(http::request::Builder) -> http::request::Builder,
    ) -> Result<Response<IncomingResponseBody>, PythonServiceError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .extension(timeouts());
        let request = match request::current() {
            Some(current) => request.header(request::HEADER, request::id::value(&current.id)),
            None => request,
        };
        let request = headers(request)
            .body(body)
            .map_err(|error| PythonServiceError::Foreign {
                url: self.url.to_owned(),
                what: error.to_string(),
            })?;
        // Sending spawns a task that writes the body.
        let (response, ()) = join(spin_sdk::http::send(request), start_spawned()).await;
        response.map_err(|source| PythonServiceError::Unreachable {
            url: self.url.to_owned(),
            source,
        })
    }

    /// The next piece of an answer's body; nothing at its end.
    pub async fn next_chunk(
        &self,
        chunks: &mut BodyDataStream<IncomingResponseBody>,
    ) -> Result<Option<Bytes>, PythonServiceError> {
        let chunk = chunks.next().await.transpose();
        chunk.map_err(|error| self.broke_off(reason(&error)))
    }

    /// The response if it is a success, and why not otherwise.
    pub async fn accepted(
        &self,
        response: Response<IncomingResponseBody>,
    ) -> Result<Response<IncomingResponseBody>, PythonServiceError> {
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let retry_after = response.headers().get(header::RETRY_AFTER);
        let retry_after = retry_after
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let bytes = self.bytes(response, MAX_REFUSAL_BYTES).await?;
        match serde_json::from_slice(&bytes) {
            Ok(body) => Err(PythonServiceError::Refused { body, retry_after }),
            Err(_) => Err(self.foreign(format!("status {status}"))),
        }
    }

    async fn json<T: serde::de::DeserializeOwned>(
        &self,
        response: Response<IncomingResponseBody>,
    ) -> Result<T, PythonServiceError> {
        let bytes = self.bytes(response, MAX_JSON_BYTES).await?;
        serde_json::from_slice(&bytes).map_err(|error| self.foreign(error.to_string()))
    }

    /// A whole body, if it has no more bytes than that.
    pub async fn bytes(
        &self,
        response: Response<IncomingResponseBody>,
        max_bytes: usize,
    ) -> Result<Bytes, PythonServiceError> {
        let mut bytes = Vec::new();
        let mut chunks = response.into_body().stream();
        while let Some(chunk) = self.next_chunk(&mut chunks).await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > max_bytes {
                return Err(self.foreign("an answer that does not end".to_owned()));
            }
        }
        Ok(bytes.into())
    }

    fn foreign(&self, what: String) -> PythonServiceError {
        PythonServiceError::Foreign {
            url: self.url.to_owned(),
            what,
        }
    }

    fn silent(&self, what: String) -> PythonServiceError {
        PythonServiceError::Silent {
            url: self.url.to_owned(),
            what,
        }
    }

    fn broke_off(&self, what: String) -> PythonServiceError {
        PythonServiceError::BrokeOff {
            url: self.url.to_owned(),
            what,
        }
    }
}

/// A session's path; a key has nothing in it that would have to be encoded.
fn path_of(session: &SessionKey) -> String {
    format!("/v1/sessions/{}", session.as_str())
}

/// A body of JSON.
fn json_body(value: &impl serde::Serialize) -> Body {
    Body::from(serde_json::to_vec(value).expect("wire types are JSON"))
}

/// The host's own defaults would cut off a long run that prints nothing.
fn timeouts() -> RequestOptionsExtension {
    let options = RequestOptions::new();
    // A host may know no timeouts; then there is none to be moved out of the way.
    let _ = options.set_connect_timeout(Some(CONNECT_TIMEOUT_SECONDS * NANOSECONDS_A_SECOND));
    let _ = options.set_first_byte_timeout(Some(FIRST_BYTE_TIMEOUT_SECONDS * NANOSECONDS_A_SECOND));
    let _ = options
        .set_between_bytes_timeout(Some(BETWEEN_BYTES_TIMEOUT_SECONDS * NANOSECONDS_A_SECOND));
    RequestOptionsExtension(options)
}

/// A host's error code for people: `connection refused`.
fn reason(code: &ErrorCode) -> String {
    match code {
        ErrorCode::InternalError(Some(message)) => message.clone(),
        ErrorCode::HttpRequestDenied => {
            "the host does not allow it; see `allowed_outbound_hosts` and `python_coder_openinterpreter_offline`"
                .to_owned()
        }
        other => words(&format!("{other:?}")),
    }
}
