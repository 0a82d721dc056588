//! `GET /api/events`, event by event.

use api::live::Changes;

use super::event_stream::EventStream;
use super::http::Http;

/// A stream of changes. Dropping it hangs up.
pub(crate) struct Watched {
    stream: EventStream,
}

impl Watched {
    /// Watches from what these headers and this query say.
    #[track_caller]
    pub(crate) fn open(http: &Http, query: &str, headers: &[(&str, &str)]) -> Self {
        let mut all = vec![("accept", "text/event-stream")];
        all.extend(headers);
        let response = http.open("GET", &format!("/api/events{query}"), &all, b"");
        for (name, value) in [("cache-control", "no-store"), ("x-accel-buffering", "no")] {
            assert_eq!(response.headers()[name], value, "{response:?}");
        }
        Self {
            stream: EventStream::of(response),
        }
    }

    /// The next event.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Changes {
        let event = self.stream.next();
        let event =
            event.unwrap_or_else(|| panic!("the stream ended after\n{}", self.stream.text()));
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
        while !self.stream.text().contains(text) {
            assert!(
                self.stream.read(),
                "the stream ended after\n{}",
                self.stream.text()
            );
        }
    }

    /// Reads until the server ends the stream, as a stream is ended.
    #[track_caller]
    pub(crate) fn drain(mut self) {
        while self.stream.read() {}
    }
}
