//! How a reply goes over the wire: as server-sent events or as one JSON object, whole or half.

use serde_json::{Value, json};

use super::connection::Connection;
use super::say::{Content, FOREVER, Middle, Say};

/// Bytes of an answer that go out together: a number that fits no event, so that events and characters are torn.
const CHUNK_BYTES: usize = 61;
/// Characters of a reply in an event of its own: fewer than a fence with its language.
const PIECE_CHARS: usize = 7;

impl Say {
    /// Says it; false if the client hung up meanwhile.
    pub(super) fn send(&self, connection: &mut Connection) -> bool {
        if connection.hangs_up_within(self.waits) {
            return false;
        }
        let (status, content_type, body) = self.answer();
        let head = format!(
            "HTTP/1.1 {status} Scripted\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        );
        let sent = connection.write(head.as_bytes())
            && body.as_bytes().chunks(CHUNK_BYTES).all(|chunk| {
                let chunk = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
                connection.write(&chunk)
            });
        match self.middle {
            Middle::Nothing => sent && connection.write(b"0\r\n\r\n"),
            Middle::BreaksOff => sent,
            Middle::Stalls => sent && !connection.hangs_up_within(FOREVER),
        }
    }

    fn answer(&self) -> (u16, &'static str, String) {
        match &self.content {
            Content::Raw {
                status,
                content_type,
                body,
            } => (*status, *content_type, self.half(body)),
            _ if self.is_streamed => (200, "text/event-stream", self.stream()),
            _ => (
                200,
                "application/json",
                self.half(&self.object().to_string()),
            ),
        }
    }

    /// A body as far as it goes out.
    fn half(&self, body: &str) -> String {
        match self.middle {
            Middle::Nothing => body.to_owned(),
            _ => body.chars().take(body.chars().count() / 2).collect(),
        }
    }

    fn object(&self) -> Value {
        let mut message = match &self.content {
            Content::Text(text) => json!({ "role": "assistant", "content": text }),
            Content::ToolCall { name, arguments } => json!({
                "role": "assistant",
                "content": null,
                "tool_calls": [{ "id": "call_1", "type": "function", "function": { "name": name, "arguments": arguments } }],
            }),
            Content::Raw { .. } => unreachable!("it is no object"),
        };
        if let Some((field, thoughts)) = &self.thoughts {
            message[*field] = json!(thoughts);
        }
        let mut object = json!({
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "choices": [{ "index": 0, "message": message, "finish_reason": self.finish_reason }],
        });
        if self.tokens.is_some() {
            object["usage"] = self.usage();
        }
        object
    }

    fn stream(&self) -> String {
        let mut deltas = Vec::new();
        if let Some((field, thoughts)) = &self.thoughts {
            deltas.extend(pieces(thoughts).map(|piece| json!({ *field: piece })));
        }
        match &self.content {
            Content::Text(text) => {
                deltas.extend(pieces(text).map(|piece| json!({ "content": piece })))
            }
            Content::ToolCall { name, arguments } => {
                deltas.push(json!({ "tool_calls": [{ "index": 0, "id": "call_1", "type": "function", "function": { "name": name, "arguments": "" } }] }));
                deltas.extend(pieces(arguments).map(
                    |piece| json!({ "tool_calls": [{ "index": 0, "function": { "arguments": piece } }] }),
                ));
            }
            Content::Raw { .. } => unreachable!("it is no stream"),
        }
        if self.middle != Middle::Nothing {
            deltas.truncate(deltas.len() / 2);
        }
        let chunk = |choices: Value| json!({ "id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": choices });
        let event = |event: Value| format!("data: {event}\n\n");
        let choice = |delta: Value, reason: Value| {
            event(chunk(
                json!([{ "index": 0, "delta": delta, "finish_reason": reason }]),
            ))
        };
        let mut stream = choice(json!({ "role": "assistant", "content": "" }), Value::Null);
        stream.extend(deltas.into_iter().map(|delta| choice(delta, Value::Null)));
        if self.middle == Middle::Nothing {
            stream += &choice(json!({}), json!(self.finish_reason));
            if self.tokens.is_some() {
                let mut last = chunk(json!([]));
                last["usage"] = self.usage();
                stream += &event(last);
            }
            stream += "data: [DONE]\n\n";
        }
        stream
    }

    fn usage(&self) -> Value {
        let (prompt, completion) = self.tokens.unwrap_or_default();
        json!({ "prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion })
    }
}

fn pieces(text: &str) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    let pieces: Vec<String> = chars
        .chunks(PIECE_CHARS)
        .map(|piece| piece.iter().collect())
        .collect();
    pieces.into_iter()
}
