//! A stream of bytes to events, one a line.

use api::python::RunEvent;

/// A line longer than this is no event: output and results are bounded far below it.
const MAX_LINE_BYTES: usize = 256 << 20;
/// Bytes of a line that can't be understood which are shown.
const SHOWN_BYTES: usize = 100;

/// A line that is no event.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLine {
    /// Not JSON, or not an event.
    #[error("a line that is no event ({error}): {shown}")]
    NoEvent {
        /// What is wrong with it.
        error: String,
        /// Its beginning.
        shown: String,
    },
    /// It does not end.
    #[error("a line that does not end")]
    TooLong,
}

/// Takes bytes as they come and gives events.
#[derive(Debug, Default)]
pub struct Lines {
    pending: Vec<u8>,
    /// How much of `pending` has been searched for the end of a line, and has none.
    searched: usize,
}

impl Lines {
    /// More bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
    }

    /// The next event, if all of it has come.
    pub fn next_event(&mut self) -> Result<Option<RunEvent>, BadLine> {
        while let Some(length) = self.pending[self.searched..]
            .iter()
            .position(|byte| *byte == b'\n')
        {
            let rest = self.pending.split_off(self.searched + length + 1);
            let line = std::mem::replace(&mut self.pending, rest);
            self.searched = 0;
            if !line.trim_ascii().is_empty() {
                return event(&line).map(Some);
            }
        }
        self.searched = self.pending.len();
        if self.searched > MAX_LINE_BYTES {
            Err(BadLine::TooLong)
        } else {
            Ok(None)
        }
    }
}

fn event(line: &[u8]) -> Result<RunEvent, BadLine> {
    serde_json::from_slice(line).map_err(|error| {
        let shown = line.trim_ascii();
        let shown = &shown[..shown.len().min(SHOWN_BYTES)];
        BadLine::NoEvent {
            error: error.to_string(),
            shown: String::from_utf8_lossy(shown).escape_debug().to_string(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> RunEvent {
        RunEvent::Stdout { text: text.into() }
    }

    #[test]
    fn events_come_out_however_the_bytes_come_in() {
        let stream = "{\"event\":\"started\"}\n\r\n{\"event\":\"stdout\",\"text\":\"é\\n\"}\n{\"event\":\"stdout\",\"text\":\"b\"}\n";
        for size in [1, 2, 7, stream.len()] {
            let mut lines = Lines::default();
            let mut events = Vec::new();
            for chunk in stream.as_bytes().chunks(size) {
                lines.push(chunk);
                while let Some(event) = lines.next_event().unwrap() {
                    events.push(event);
                }
            }
            assert_eq!(
                events,
                [RunEvent::Started, text("é\n"), text("b")],
                "{size}"
            );
        }
    }

    #[test]
    fn a_line_that_is_no_event_is_shown() {
        let mut lines = Lines::default();
        lines.push(b"<html>\x1b\n");
        let message = lines.next_event().unwrap_err().to_string();
        assert!(message.contains("<html>\\u{1b}"), "{message}");
    }
}
