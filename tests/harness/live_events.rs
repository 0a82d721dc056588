//! What an execution tells, event by event.

use std::collections::VecDeque;
use std::io::Read as _;

use api::live::LiveEvent;
use api::sse::{Event, Events};
use api::tool::ToolResponse;

use super::http::Http;
use super::tool::PYTHON_CODER;

/// A stream of events under way. Dropping it closes the connection.
pub(crate) struct LiveEvents {
    body: ureq::BodyReader<'static>,
    events: Events,
    waiting: VecDeque<Event>,
    last_id: Option<String>,
}

impl LiveEvents {
    /// A tool call that is answered with events.
    #[track_caller]
    pub(crate) fn of_call(http: &Http, call: &serde_json::Value) -> Self {
        Self::of_post(http, PYTHON_CODER, call)
    }

    /// Any request with a body that is.
    #[track_caller]
    pub(crate) fn of_post(http: &Http, path: &str, body: &serde_json::Value) -> Self {
        let headers = [
            ("content-type", "application/json"),
            ("accept", "text/event-stream"),
        ];
        Self::open(http, "POST", path, &headers, body.to_string().as_bytes())
    }

    /// Follows an execution, from the beginning or after an event.
    #[track_caller]
    pub(crate) fn following(http: &Http, execution_id: &str, last_id: Option<&str>) -> Self {
        let path = format!("/api/executions/{execution_id}/events");
        let last_id = last_id.map(|id| ("last-event-id", id));
        let headers: Vec<_> = last_id.into_iter().collect();
        Self::open(http, "GET", &path, &headers, b"")
    }

    #[track_caller]
    fn open(http: &Http, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let response = http.open(method, path, headers, body);
        assert_eq!(response.status(), 200, "{response:?}");
        let kind = &response.headers()["content-type"];
        assert_eq!(kind, "text/event-stream", "{response:?}");
        Self {
            body: response.into_body().into_reader(),
            events: Events::default(),
            waiting: VecDeque::new(),
            last_id: None,
        }
    }

    /// The next event, or `None` after the last.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Option<LiveEvent> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                self.last_id = event.id;
                let told = serde_json::from_str(&event.data);
                return Some(told.unwrap_or_else(|error| panic!("{error}: {}", event.data)));
            }
            let mut bytes = [0; 1 << 16];
            let length = self.body.read(&mut bytes).expect("the stream goes on");
            if length == 0 {
                return None;
            }
            self.waiting.extend(self.events.push(&bytes[..length]));
        }
    }

    /// The id of the last event that was taken.
    pub(crate) fn last_id(&self) -> &str {
        self.last_id.as_deref().expect("every event has an id")
    }

    /// Reads on until it is told that it began; the execution's id.
    #[track_caller]
    pub(crate) fn started(&mut self) -> String {
        match self.next() {
            Some(LiveEvent::Started { execution_id, .. }) => execution_id,
            other => panic!("`started` was expected, not {other:?}"),
        }
    }

    /// Reads on until the program has written a line; gives what was told until then.
    #[track_caller]
    pub(crate) fn until_line(&mut self) -> Vec<LiveEvent> {
        let mut told = Vec::new();
        loop {
            let event = self.next().unwrap_or_else(|| panic!("no line: {told:?}"));
            let is_line = matches!(&event, LiveEvent::Stdout { text } if text.ends_with('\n'));
            told.push(event);
            if is_line {
                return told;
            }
        }
    }

    /// Reads on to the end: what was told, and the answer.
    #[track_caller]
    pub(crate) fn rest(mut self) -> (Vec<LiveEvent>, ToolResponse) {
        let mut told = Vec::new();
        loop {
            match self.next() {
                Some(LiveEvent::Finished(response)) => {
                    let after = self.next();
                    assert!(after.is_none(), "{after:?} after `finished`");
                    return (told, *response);
                }
                Some(event) => told.push(event),
                None => panic!("there was no `finished`: {told:?}"),
            }
        }
    }
}

/// Events in words, a line each; text that follows on text of its kind is one with it.
pub(crate) fn in_words(events: &[LiveEvent]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut kind = "";
    for event in events {
        match event {
            LiveEvent::Stdout { text } | LiveEvent::Stderr { text } | LiveEvent::Model { text } => {
                match words.last_mut().filter(|_| kind == event.name()) {
                    Some(last) => last.push_str(text),
                    None => words.push(format!("{}: {text}", event.name())),
                }
            }
            LiveEvent::Attempt {
                number,
                code,
                reason,
            } => words.push(format!(
                "attempt {number}: {code}{}",
                reason
                    .as_ref()
                    .map(|why| format!(" ({why})"))
                    .unwrap_or_default()
            )),
            LiveEvent::Result(bundle) => words.push(format!("result: {}", bundle["text/plain"])),
            LiveEvent::Started { .. } | LiveEvent::Finished(_) => {
                words.push(event.name().to_owned());
            }
        }
        kind = event.name();
    }
    words
}
