//! What `POST /execute` answers: a line of JSON for each thing that happens.

use std::mem::take;

use api::live::LiveEvent;
use api::python::{MimeBundle, NDJSON, Outcome};
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use super::results::{is_figure, result};
use crate::clock::now_ns;
use crate::execution::Done;
use crate::patience::Wire;

/// The lines of one execution.
pub struct Lines {
    /// Executions of the session, this one included.
    count: u64,
    /// A result that is the value of the last expression unless another follows, and the figures after it.
    held: Vec<MimeBundle>,
    /// Output whose line has not ended: pieces are cut anywhere, and its client's programs look at lines.
    partial: Option<(Output, String)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Output {
    Stdout,
    Stderr,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    NumberOfExecutions {
        execution_count: u64,
    },
    Stdout {
        text: String,
        timestamp: u64,
    },
    Stderr {
        text: String,
        timestamp: u64,
    },
    Result(Map<String, Value>),
    Error {
        name: String,
        value: String,
        traceback: String,
    },
    EndOfExecution,
}

impl Lines {
    /// Of the session's `count`th execution.
    pub fn new(count: u64) -> Self {
        Self {
            count,
            held: Vec::new(),
            partial: None,
        }
    }

    /// Writes output, but for the beginning of a line, which waits once for its end.
    fn output(&mut self, kind: Output, text: String, chunk: &mut Vec<u8>) {
        let begun = self.partial.take_if(|(held, _)| *held == kind);
        self.flush(chunk);
        if let Some((_, begun)) = begun {
            return write_output(kind, begun + &text, chunk);
        }
        let (lines, rest) = text.split_at(text.rfind('\n').map_or(0, |end| end + 1));
        write_output(kind, lines.to_owned(), chunk);
        self.partial = Some((kind, rest.to_owned())).filter(|(_, rest)| !rest.is_empty());
    }

    /// Writes the line that has not ended.
    fn flush(&mut self, chunk: &mut Vec<u8>) {
        if let Some((kind, text)) = self.partial.take() {
            write_output(kind, text, chunk);
        }
    }

    /// Writes the results that are held back, of which the first may be the main one.
    fn release(&mut self, is_main: bool, chunk: &mut Vec<u8>) {
        for bundle in take(&mut self.held) {
            let is_main = is_main && !is_figure(&bundle);
            write(&Line::Result(result(bundle, is_main)), chunk);
        }
    }
}

impl Wire for Lines {
    const MEDIA_TYPE: &'static str = NDJSON;

    /// A space, which JSON allows before a value: an empty line its client does not take.
    fn beat() -> Bytes {
        Bytes::from_static(b" ")
    }

    fn tell(&mut self, event: LiveEvent, chunk: &mut Vec<u8>) {
        match event {
            LiveEvent::Started { .. } => {
                let execution_count = self.count;
                write(&Line::NumberOfExecutions { execution_count }, chunk);
            }
            LiveEvent::Stdout { text } => self.output(Output::Stdout, text, chunk),
            LiveEvent::Stderr { text } => self.output(Output::Stderr, text, chunk),
            LiveEvent::Result(bundle) => {
                self.flush(chunk);
                if !is_figure(&bundle) {
                    self.release(false, chunk);
                }
                self.held.push(bundle);
            }
            LiveEvent::Attempt { .. } | LiveEvent::Model { .. } | LiveEvent::Finished(_) => {}
        }
    }

    fn pause(&mut self, chunk: &mut Vec<u8>) {
        self.flush(chunk);
    }

    fn end(&mut self, done: Done, chunk: &mut Vec<u8>) {
        self.flush(chunk);
        let is_main = done.response.metadata.outcome == Some(Outcome::Ok);
        self.release(is_main, chunk);
        if let Some(error) = error(done) {
            write(&error, chunk);
        }
        write(&Line::EndOfExecution, chunk);
    }
}

/// What went wrong: what the program raised, with the limit's own words where one was hit, or what we did.
fn error(done: Done) -> Option<Line> {
    let Done {
        response,
        exception,
        ..
    } = done;
    let limit = response.data.limit.map(|limit| limit.message);
    Some(match exception {
        Some(error) => Line::Error {
            name: error.name,
            value: limit.unwrap_or(error.value),
            traceback: error.traceback,
        },
        None => Line::Error {
            name: "VivariumError".to_owned(),
            value: limit.or(response.error)?,
            traceback: String::new(),
        },
    })
}

fn write_output(kind: Output, text: String, chunk: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    let timestamp = now_ns();
    let line = match kind {
        Output::Stdout => Line::Stdout { text, timestamp },
        Output::Stderr => Line::Stderr { text, timestamp },
    };
    write(&line, chunk);
}

fn write(line: &Line, chunk: &mut Vec<u8>) {
    serde_json::to_writer(&mut *chunk, line).expect("a line is JSON");
    chunk.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(texts: &[&str]) -> (Lines, String) {
        let mut lines = Lines::new(1);
        let mut chunk = Vec::new();
        for text in texts {
            let mut bundle = MimeBundle::from([("text/plain".to_owned(), (*text).to_owned())]);
            if text.starts_with("<Figure") {
                bundle.insert("image/png".to_owned(), "AA==".to_owned());
            }
            lines.tell(LiveEvent::Result(bundle), &mut chunk);
        }
        (lines, String::from_utf8(chunk).unwrap())
    }

    #[test]
    fn the_last_result_is_the_main_one_and_the_order_is_kept() {
        let figure = "<Figure size 1x1>";
        let (mut lines, told) = told(&["1", figure, "2", figure]);
        let both = "{\"type\":\"result\",\"is_main_result\":false,\"text\":\"1\"}\n\
                    {\"type\":\"result\",\"is_main_result\":false,\"png\":\"AA==\",\"text\":\"<Figure size 1x1>\"}\n";
        assert_eq!(told, both);
        let mut chunk = Vec::new();
        lines.release(true, &mut chunk);
        let both = both.replacen("false,\"text\":\"1\"", "true,\"text\":\"2\"", 1);
        assert_eq!(String::from_utf8(chunk).unwrap(), both);
    }

    #[test]
    fn output_comes_in_lines_unless_it_waits() {
        let mut lines = Lines::new(1);
        let mut chunk = Vec::new();
        for text in ["a\nb", "c\n", "d\n", "e", "f", "g"] {
            let text = text.to_owned();
            lines.tell(LiveEvent::Stdout { text }, &mut chunk);
        }
        let text = "h".to_owned();
        lines.tell(LiveEvent::Stderr { text }, &mut chunk);
        lines.pause(&mut chunk);
        let all = chunk.len();
        lines.pause(&mut chunk);
        assert_eq!(chunk.len(), all, "it is said once");
        let texts: Vec<_> = String::from_utf8(chunk)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].clone())
            .collect();
        assert_eq!(texts, ["a\n", "bc\n", "d\n", "ef", "g", "h"]);
    }
}
