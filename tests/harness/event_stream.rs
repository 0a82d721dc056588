//! Server-sent events of an answer, one by one.

use std::collections::VecDeque;
use std::io::Read as _;

use api::sse::{Event, Events};
use ureq::http::Response;

/// A stream of events under way. Dropping it closes the connection.
pub(super) struct EventStream {
    body: ureq::BodyReader<'static>,
    events: Events,
    waiting: VecDeque<Event>,
    /// All that came, as it came.
    raw: Vec<u8>,
}

impl EventStream {
    /// Asserts that it is one.
    #[track_caller]
    pub(super) fn of(response: Response<ureq::Body>) -> Self {
        assert_eq!(response.status(), 200, "{response:?}");
        let kind = &response.headers()["content-type"];
        assert_eq!(kind, "text/event-stream", "{response:?}");
        Self {
            body: response.into_body().into_reader(),
            events: Events::default(),
            waiting: VecDeque::new(),
            raw: Vec::new(),
        }
    }

    /// The next event, or `None` where the stream ends as a stream is ended.
    #[track_caller]
    pub(super) fn next(&mut self) -> Option<Event> {
        while self.waiting.is_empty() {
            if !self.read() {
                return None;
            }
        }
        self.waiting.pop_front()
    }

    /// Reads what comes next; says whether anything did.
    #[track_caller]
    pub(super) fn read(&mut self) -> bool {
        let mut bytes = [0; 1 << 16];
        let count = self
            .body
            .read(&mut bytes)
            .unwrap_or_else(|error| panic!("the stream broke off: {error}\n{}", self.text()));
        self.raw.extend(&bytes[..count]);
        self.waiting.extend(self.events.push(&bytes[..count]));
        count > 0
    }

    /// All that came so far.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }
}
