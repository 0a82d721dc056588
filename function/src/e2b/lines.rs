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

    /// A space: JSON allows it before a value, and its client no empty line.
    fn beat() -> Bytes {
        Bytes::from_static(b" ")
    }

    fn tell(&mut self, event: LiveEvent, chunk: &mut Vec<u8>) {
        let timestamp = now_ns();
        match event {
            LiveEvent::Started { .. } => {
                let execution_count = self.count;
                write(&Line::NumberOfExecutions { execution_count }, chunk);
            }
            LiveEvent::Stdout { text } => write(&Line::Stdout { text, timestamp }, chunk),
            LiveEvent::Stderr { text } => write(&Line::Stderr { text, timestamp }, chunk),
            LiveEvent::Result(bundle) => {
                if !is_figure(&bundle) {
                    self.release(false, chunk);
                }
                self.held.push(bundle);
            }
            LiveEvent::Attempt { .. } | LiveEvent::Model { .. } | LiveEvent::Finished(_) => {}
        }
    }

    fn end(&mut self, done: Done, chunk: &mut Vec<u8>) {
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
}
