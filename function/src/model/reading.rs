//! A reply as it arrives: bytes in, a [`Completion`] in the end. Streamed or not, the server decides.

use api::history::Message;
use api::sse::Events;
use serde_json::Value;

use super::Completion;
use super::assembly::{Assembly, BadPart, MAX_REPLY_BYTES};
use super::plain::one_line;
use super::said::Said;

/// A stream says little in many bytes, some 300 for a token; one larger than this says nothing, or too much.
const MAX_STREAM_BYTES: usize = 64 << 20;
/// How much of what can't be understood is shown.
const SHOWN_CHARS: usize = 200;
/// The bytes of these.
const SHOWN_BYTES: usize = 4 * SHOWN_CHARS;
/// The data that ends a stream.
const DONE: &str = "[DONE]";

/// Why there will be no completion.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// What came is no reply.
    Malformed(String),
    /// What came is an error.
    Said(Said),
    /// What came is not all.
    BrokeOff(String),
}

/// What has come.
#[derive(Debug, Default)]
pub(super) struct Reading {
    events: Option<Events>,
    /// Of a stream, the beginning; of one answer, all.
    bytes: Vec<u8>,
    total_bytes: usize,
    assembly: Assembly,
    done: bool,
    /// How much of the text was given on.
    heard_bytes: usize,
}

impl Reading {
    /// An answer of this content type begins.
    pub(super) fn begin(&mut self, content_type: &str) {
        let kind = content_type.split(';').next().unwrap_or_default().trim();
        self.events = kind
            .eq_ignore_ascii_case("text/event-stream")
            .then(Events::default);
    }

    /// More bytes; says whether the reply is whole without waiting for any more.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<bool, Bad> {
        self.total_bytes += bytes.len();
        let Some(events) = &mut self.events else {
            if self.total_bytes > MAX_REPLY_BYTES {
                return Err(self.malformed("an answer of more than 4 MiB"));
            }
            self.bytes.extend_from_slice(bytes);
            return Ok(false);
        };
        let room = SHOWN_BYTES.saturating_sub(self.bytes.len());
        self.bytes
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
        let ended = events.push(bytes);
        let pending_bytes = events.pending_bytes();
        for event in ended {
            self.event(&event.data)?;
            if self.done {
                return Ok(true);
            }
        }
        if pending_bytes > MAX_REPLY_BYTES || self.total_bytes > MAX_STREAM_BYTES {
            return Err(self.malformed("a stream that does not end"));
        }
        Ok(false)
    }

    /// No more bytes.
    pub(super) fn end(&mut self) -> Result<(), Bad> {
        match &mut self.events {
            Some(events) => {
                if let Some(event) = events.end() {
                    self.event(without_torn_line(&event.data))?;
                }
            }
            None => self.answer()?,
        }
        if self.is_whole() {
            Ok(())
        } else if self.bytes.trim_ascii().is_empty() {
            Err(Bad::Malformed("an empty answer".to_owned()))
        } else if self.assembly.spoken {
            Err(Bad::BrokeOff(
                "the stream ended before the reply did".to_owned(),
            ))
        } else {
            Err(self.malformed("no reply in `choices`"))
        }
    }

    /// Whether nothing of the reply is missing.
    pub(super) fn is_whole(&self) -> bool {
        self.assembly.spoken && (self.done || self.assembly.is_finished())
    }

    /// The reply so far.
    pub(super) fn text(&self) -> String {
        self.assembly.text()
    }

    /// The text that came since this was last asked, as far as it is certain that the reply will have it.
    pub(super) fn heard(&mut self) -> Option<String> {
        let text = self.assembly.certain_text();
        // In front of a reply there may be thoughts, which are none of it; once it has begun it goes on.
        let rest = text.get(self.heard_bytes..).filter(|rest| !rest.is_empty());
        let rest = rest?.to_owned();
        self.heard_bytes += rest.len();
        Some(rest)
    }

    /// What of a whole reply was not given on: the programs in calls of tools come in pieces that are no text.
    pub(super) fn unheard(self, reply: &str) -> Option<String> {
        let rest = reply.get(self.heard_bytes..)?;
        (!rest.is_empty()).then(|| rest.to_owned())
    }

    /// The reply, as the answer to `messages`.
    pub(super) fn completion(&self, messages: &[Message]) -> Completion {
        self.assembly.completion(messages)
    }

    /// The answer of a server that does not stream.
    fn answer(&mut self) -> Result<(), Bad> {
        let bytes = std::mem::take(&mut self.bytes);
        let parsed = serde_json::from_slice::<Value>(&bytes);
        self.bytes = bytes;
        match parsed {
            Ok(answer) => {
                self.done = true;
                self.part(&answer)
            }
            Err(_) if self.bytes.trim_ascii().is_empty() => Ok(()),
            Err(error) if error.is_eof() => Err(self.malformed("JSON that ends too early")),
            Err(_) => Err(self.malformed("no JSON")),
        }
    }

    /// The data of an event: a chunk, or the end.
    fn event(&mut self, data: &str) -> Result<(), Bad> {
        if let Ok(chunk) = serde_json::from_str::<Value>(data) {
            return self.part(&chunk);
        }
        // There are servers that put no blank line between events, and then each line is one.
        for line in data.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line == DONE {
                self.done = true;
                break;
            }
            match serde_json::from_str::<Value>(line) {
                Ok(chunk) => self.part(&chunk)?,
                Err(_) => return Err(self.bad_part("a chunk that is no JSON", line)),
            }
        }
        if self.done && !self.assembly.spoken {
            return Err(self.malformed("no reply in `choices`"));
        }
        Ok(())
    }

    fn part(&mut self, part: &Value) -> Result<(), Bad> {
        self.assembly.add(part).map_err(|bad| match bad {
            BadPart::Foreign(what) => self.bad_part(what, &part.to_string()),
            BadPart::Said(said) => Bad::Said(said),
        })
    }

    /// It begins with what shows what it is.
    fn malformed(&self, what: &str) -> Bad {
        let shown = &self.bytes[..self.bytes.len().min(SHOWN_BYTES)];
        self.bad_part(what, &String::from_utf8_lossy(shown))
    }

    fn bad_part(&self, what: &str, part: &str) -> Bad {
        // Parts can be long, and only their beginning is looked at.
        let part: String = part.chars().take(SHOWN_BYTES).collect();
        Bad::Malformed(format!("{what}: {}", one_line(&part, SHOWN_CHARS)))
    }
}

/// The stream may have ended anywhere: a last line that is neither JSON nor the end says nothing.
fn without_torn_line(data: &str) -> &str {
    let (before, last) = data.rsplit_once('\n').unwrap_or(("", data));
    let is_part = |text: &str| text.trim() == DONE || serde_json::from_str::<Value>(text).is_ok();
    if is_part(last) || is_part(data) {
        data
    } else {
        before
    }
}

#[cfg(test)]
mod tests;
