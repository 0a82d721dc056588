//! `GET /api/events`, event by event.

use std::collections::VecDeque;
use std::io::Read as _;

use api::live::Changes;
use api::sse::{Event, Events};

use super::http::Http;

/// A stream of changes. Dropping it hangs up.
pub(crate) struct Watched {
    body: ureq::BodyReader<'static>,
    events: Events,
    waiting: VecDeque<Event>,
    /// All that came, as it came.
    raw: Vec<u8>,
}

impl Watched {
    /// Watches from what these headers and this query say.
    #[track_caller]
    pub(crate) fn open(http: &Http, query: &str, headers: &[(&str, &str)]) -> Self {
        let mut all = vec![("accept", "text/event-stream")];
        all.extend(headers);
        let response = http.open("GET", &format!("/api/events{query}"), &all, b"");
        assert_eq!(response.status(), 200, "{response:?}");
        for (name, value) in [
            ("content-type", "text/event-stream"),
            ("cache-control", "no-store"),
            ("x-accel-buffering", "no"),
        ] {
            assert_eq!(response.headers()[name], value, "{response:?}");
        }
        Self {
            body: response.into_body().into_reader(),
            events: Events::default(),
            waiting: VecDeque::new(),
            raw: Vec::new(),
        }
    }

    /// The next event.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Changes {
        while self.waiting.is_empty() {
            self.read();
        }
        let event = self.waiting.pop_front().expect("one waits");
        let changes: Changes = serde_json::from_str(&event.data)
            .unwrap_or_else(|error| panic!("not changes: {error}: {}", event.data));
        assert_eq!(event.id.as_deref(), Some(changes.cursor.as_str()));
        changes
    }

    /// Reads events until one will do.
    #[track_caller]
    pub(crate) fn until(&mut self, mut will_do: impl FnMut(&Changes) -> bool) -> Changes {
        loop {
            let changes = self.next();
            if will_do(&changes) {
                return changes;
            }
        }
    }

    /// Reads on until this text has come.
    #[track_caller]
    pub(crate) fn until_text(&mut self, text: &str) {
        while !String::from_utf8_lossy(&self.raw).contains(text) {
            self.read();
        }
    }

    /// Reads until the server ends the stream, as a stream is ended.
    #[track_caller]
    pub(crate) fn drain(mut self) {
        std::io::copy(&mut self.body, &mut std::io::sink())
            .unwrap_or_else(|error| panic!("the stream broke off: {error}"));
    }

    #[track_caller]
    fn read(&mut self) {
        let mut bytes = [0; 4096];
        let count = self
            .body
            .read(&mut bytes)
            .unwrap_or_else(|error| panic!("the stream broke off: {error}"));
        let came = String::from_utf8_lossy(&self.raw).into_owned();
        assert!(count > 0, "the stream ended after\n{came}");
        self.raw.extend(&bytes[..count]);
        self.waiting.extend(self.events.push(&bytes[..count]));
    }
}
