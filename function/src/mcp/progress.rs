//! What is told while a call runs: notifications of progress to who asked for them, and at the end the result.

use std::time::{Duration, Instant};

use api::SessionKey;
use api::live::LiveEvent;
use bytes::Bytes;
use serde_json::{Value, json};

use super::message::Request;
use super::revision::Revision;
use super::{complete, inner, result};
use crate::answer::bounded;
use crate::execution::Done;
use crate::log;
use crate::patience::Wire;
use crate::sse::{self, EVENT_STREAM};

/// How often the history is asked whether the request has been called off.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Of one notification.
const MAX_CHARS: usize = 2000;
/// The event of every message.
const EVENT: &str = "message";

/// An answer in the making.
pub(super) struct Progress {
    revision: Revision,
    request: Request,
    /// What the client would have notifications named by.
    token: Option<Value>,
    /// Of the last notification. It must grow; how far there is to go nobody knows.
    number: u64,
    watch: Option<Watch>,
}

impl Progress {
    pub(super) fn new(revision: Revision, request: Request, watch: Option<Watch>) -> Self {
        let meta = request.params.get("_meta");
        let token = meta.and_then(|meta| meta.get("progressToken")).cloned();
        Self {
            revision,
            request,
            token,
            number: 0,
            watch,
        }
    }

    /// The message that ends it.
    pub(super) fn answer(&self, done: &Done) -> Value {
        let result = result::of(&done.response, self.revision);
        complete(self.revision, &self.request, result)
    }

    fn notification(&mut self, event: &LiveEvent) -> Option<Value> {
        let (token, message) = (self.token.clone()?, in_words(event));
        self.number += 1;
        Some(json!({
            "jsonrpc": "2.0",
            "method": "notifications/progress",
            "params": { "progressToken": token, "progress": self.number, "message": message },
        }))
    }
}

impl Wire for Progress {
    const MEDIA_TYPE: &'static str = EVENT_STREAM;

    fn beat() -> Bytes {
        sse::comment()
    }

    fn tell(&mut self, event: LiveEvent, chunk: &mut Vec<u8>) {
        if let Some(message) = self.notification(&event) {
            chunk.extend_from_slice(&sse::frame(EVENT, None, &message));
        }
    }

    fn end(&mut self, done: Done, chunk: &mut Vec<u8>) {
        chunk.extend_from_slice(&sse::frame(EVENT, None, &self.answer(&done)));
    }

    async fn is_called_off(&mut self) -> bool {
        match &mut self.watch {
            Some(watch) => watch.look().await,
            None => false,
        }
    }
}

/// Who looks for whether a request was called off: the message that says so may come to another instance.
pub(super) struct Watch {
    session: SessionKey,
    request_id: String,
    since: i64,
    looked: Instant,
}

impl Watch {
    pub(super) fn new(session: SessionKey, request_id: &Value, since: i64) -> Self {
        Self {
            session,
            request_id: request_id.to_string(),
            since,
            looked: Instant::now(),
        }
    }

    async fn look(&mut self) -> bool {
        if self.looked.elapsed() < LOOK_EVERY {
            return false;
        }
        self.looked = Instant::now();
        let found = inner::is_called_off(&self.session, &self.request_id, self.since).await;
        found.unwrap_or_else(|error| {
            log::warn(error);
            false
        })
    }
}

fn in_words(event: &LiveEvent) -> String {
    match event {
        LiveEvent::Started {
            execution_id,
            session_id,
            ..
        } => {
            format!("execution {execution_id} of session {session_id} began")
        }
        LiveEvent::Attempt {
            number,
            reason: None,
            ..
        } => format!("attempt {number} runs"),
        LiveEvent::Attempt {
            number,
            reason: Some(reason),
            ..
        } => bounded(
            &format!("attempt {number} runs, after: {reason}"),
            MAX_CHARS,
        ),
        LiveEvent::Stdout { text } | LiveEvent::Stderr { text } | LiveEvent::Model { text } => {
            bounded(text, MAX_CHARS)
        }
        LiveEvent::Result(bundle) => {
            let kinds: Vec<_> = bundle.keys().map(String::as_str).collect();
            format!("a result: {}", kinds.join(", "))
        }
        LiveEvent::Finished(_) => "it ended".to_owned(),
    }
}
