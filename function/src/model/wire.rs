//! Requests to a model server, as they go over the network.

use std::time::Duration;

use api::history::Message;
use axum::body::Body;
use futures::StreamExt as _;
use futures::future::join;
use http::{HeaderValue, Method, Request, Response, header};
use serde::Serialize;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::wasip3::http::types::{ErrorCode, RequestOptions};
use spin_sdk::wasip3::http_compat::{IncomingResponseBody, RequestOptionsExtension};

use crate::settings::{Secret, Settings};
use crate::spawned::start_spawned;
use crate::trace::with_all;
use crate::words::words;

use super::plain::Plain;
use super::{ModelError, ModelServer};

/// A server that is there accepts at once, also while it loads a model.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How much later than we the host gives up: it is for us to say why.
const HOST_GRACE: Duration = Duration::from_secs(10);

/// A server's answer, of which the head has come.
pub(super) type Answer = Response<IncomingResponseBody>;

/// `POST /chat/completions`.
#[derive(Debug, Serialize)]
struct Question<'a> {
    model: &'a str,
    messages: &'a [Message],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
}

#[derive(Debug, Serialize)]
struct StreamOptions {
    /// Without it a server that streams does not count tokens.
    include_usage: bool,
}

impl<'a> Question<'a> {
    fn new(settings: &'a Settings, messages: &'a [Message], stream: bool) -> Self {
        Self {
            model: &settings.model,
            messages,
            stream,
            stream_options: stream.then_some(StreamOptions {
                include_usage: true,
            }),
        }
    }
}

impl ModelServer<'_> {
    /// Asks for a completion.
    pub(super) async fn post(
        &self,
        messages: &[Message],
        stream: bool,
        within: Duration,
    ) -> Result<Answer, ModelError> {
        let question = Question::new(self.settings, messages, stream);
        let body = serde_json::to_vec(&question).expect("messages are JSON");
        let request = Request::builder()
            .method(Method::POST)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "text/event-stream, application/json")
            // As for a run in the python service: without it the host keeps the body back for some 40 ms. A server
            // that does not know it loses nothing, since the host does not wait for it to answer.
            .header(header::EXPECT, "100-continue");
        self.send(request, "/chat/completions", Body::from(body), within)
            .await
    }

    /// Asks for something else.
    pub(super) async fn get(&self, path: &str, within: Duration) -> Result<Answer, ModelError> {
        let request = Request::builder().method(Method::GET);
        self.send(request, path, Body::empty(), within).await
    }

    async fn send(
        &self,
        mut request: http::request::Builder,
        path: &str,
        body: Body,
        within: Duration,
    ) -> Result<Answer, ModelError> {
        let url = || self.settings.llm_url.clone();
        let key = authorization(&self.settings.llm_api_key);
        if let Some(key) = key.map_err(|_| ModelError::BadKey { url: url() })? {
            request = request.header(header::AUTHORIZATION, key);
        }
        let unreachable = |reason: String, denied| ModelError::Unreachable {
            url: url(),
            reason: Plain::without(self.settings.secrets()).line(&reason),
            denied,
        };
        let request = with_all(request, self.trace.clone())
            .uri(format!("{}{path}", self.settings.llm_url))
            .extension(timeouts(within))
            .body(body)
            .map_err(|error| unreachable(error.to_string(), false))?;
        // Sending spawns a task that writes the body.
        let (answer, ()) = join(spin_sdk::http::send(request), start_spawned()).await;
        answer.map_err(|code| unreachable(reason(&code), is_denial(&code)))
    }
}

/// As much of an answer as fits, and whether that is all of it.
pub(super) async fn bytes(answer: Answer, max_bytes: usize) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    let mut chunks = answer.into_body().stream();
    while let Some(chunk) = chunks.next().await {
        let Ok(chunk) = chunk else {
            return (bytes, false);
        };
        let room = max_bytes - bytes.len();
        bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return (bytes, false);
        }
    }
    (bytes, true)
}

/// The header with the key, if there is a key.
fn authorization(key: &Secret) -> Result<Option<HeaderValue>, header::InvalidHeaderValue> {
    // One that was read from a file may end with a line break.
    let key = key.expose().trim();
    if key.is_empty() {
        return Ok(None);
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {key}"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn timeouts(within: Duration) -> RequestOptionsExtension {
    let nanoseconds = |duration: Duration| u64::try_from(duration.as_nanos()).ok();
    let options = RequestOptions::new();
    // A host may know no timeouts; then there is none to be moved out of the way.
    let _ = options.set_connect_timeout(nanoseconds(CONNECT_TIMEOUT));
    let _ = options.set_first_byte_timeout(nanoseconds(within.saturating_add(HOST_GRACE)));
    let _ = options.set_between_bytes_timeout(nanoseconds(within.saturating_add(HOST_GRACE)));
    RequestOptionsExtension(options)
}

fn is_denial(code: &ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::HttpRequestDenied | ErrorCode::DestinationIpProhibited
    )
}

/// A host's error code for people: `connection refused`.
pub(crate) fn reason(code: &ErrorCode) -> String {
    match code {
        ErrorCode::InternalError(Some(message)) => message.clone(),
        ErrorCode::HttpRequestDenied => "the host does not allow it".to_owned(),
        ErrorCode::DestinationIpProhibited => "the host does not allow its address".to_owned(),
        other => words(&format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use api::history::Role;

    use super::*;

    #[test]
    fn a_question_is_what_the_api_has() {
        let settings = Settings::from_lookup(|_| None).unwrap();
        let messages = [Message {
            role: Role::User,
            content: "hi".into(),
        }];
        let json = |stream| {
            let mut json =
                serde_json::to_value(Question::new(&settings, &messages, stream)).unwrap();
            assert_eq!(json["model"].take(), settings.model.as_str());
            json
        };
        let messages = serde_json::json!([{"role": "user", "content": "hi"}]);
        assert_eq!(
            json(true),
            serde_json::json!({
                "model": null, "messages": messages, "stream": true, "stream_options": {"include_usage": true},
            })
        );
        assert_eq!(
            json(false),
            serde_json::json!({"model": null, "messages": messages})
        );
    }

    #[test]
    fn a_key_is_sent_as_a_sensitive_header_and_never_shown() {
        let of = |key: &str| authorization(&Secret::new(key.into()));
        let value = of("sk-1\n").unwrap().unwrap();
        assert_eq!(value.as_bytes(), b"Bearer sk-1");
        assert!(!format!("{value:?}").contains("sk-1"));
        assert!(of("").unwrap().is_none());
        let error = of("sk-1\nsk-2").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("sk-"), "{error}");
    }

    #[test]
    fn reasons_are_words() {
        assert_eq!(reason(&ErrorCode::ConnectionRefused), "connection refused");
        assert_eq!(
            reason(&ErrorCode::InternalError(Some("it broke".into()))),
            "it broke"
        );
        assert!(is_denial(&ErrorCode::HttpRequestDenied));
        assert!(!is_denial(&ErrorCode::ConnectionRefused));
    }
}
