//! What an execution tells, event by event.

use api::live::LiveEvent;
use api::tool::ToolResponse;

use super::event_stream::EventStream;
use super::http::Http;
use super::tool::PYTHON_CODER;

/// A stream of events under way. Dropping it closes the connection.
pub(crate) struct LiveEvents {
    stream: EventStream,
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
        Self {
            stream: EventStream::of(http.open(method, path, headers, body)),
            last_id: None,
        }
    }

    /// The next event, or `None` after the last.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Option<LiveEvent> {
        let event = self.stream.next()?;
        self.last_id = event.id;
        let told = serde_json::from_str(&event.data);
        Some(told.unwrap_or_else(|error| panic!("{error}: {}", event.data)))
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
