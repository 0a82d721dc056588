//! What an execution tells as it runs, folded into what is shown of it: in order, in pieces that stay as they are once
//! they are long, and no more in all than a browser bears.

use std::collections::VecDeque;

use api::live::LiveEvent;
use api::python::MimeBundle;
use api::tool::{Mode, ToolResponse};

/// What is kept of text, programs and results; the oldest goes first. Past runs have their own page.
const MAX_BYTES: usize = 2 << 20;
/// A piece that is longer is left alone, and the next one begins. The page writes a piece anew when it grows.
const PIECE_BYTES: usize = 8 << 10;

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    Stdout,
    Stderr,
    Model,
}

/// A stretch of text of one voice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) id: u32,
    pub(crate) voice: Voice,
    pub(crate) text: String,
}

/// Something to show.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// A program is about to run.
    Program {
        code: String,
        reason: Option<String>,
    },
    /// What a program wrote on both streams, in order; or what a model wrote.
    Text(VecDeque<Piece>),
    Result(MimeBundle),
}

/// Something to show, and the attempt that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub(crate) id: u32,
    /// From 1; 0 before the first.
    pub(crate) attempt: u32,
    pub(crate) content: Content,
}

/// An execution as far as it has been told.
#[derive(Debug, Clone, Default)]
pub(crate) struct LiveRun {
    pub(crate) execution_id: Option<String>,
    pub(crate) session_id: Option<String>,
    pub(crate) mode: Option<Mode>,
    /// The end, without the output, which is in the blocks.
    pub(crate) finished: Option<Box<ToolResponse>>,
    /// Bytes that were let go.
    pub(crate) dropped_bytes: usize,
    blocks: VecDeque<Block>,
    bytes: usize,
    next_id: u32,
    attempt: u32,
    /// Of the program that runs, so that the traceback behind it is known as new.
    stderr_bytes: usize,
}

impl LiveRun {
    /// Takes in what happened.
    pub(crate) fn fold(&mut self, event: LiveEvent) {
        match event {
            LiveEvent::Started {
                execution_id,
                session_id,
                mode,
            } => {
                self.execution_id = Some(execution_id);
                self.session_id = Some(session_id);
                self.mode = Some(mode);
            }
            LiveEvent::Attempt {
                number,
                code,
                reason,
            } => {
                self.attempt = number;
                self.stderr_bytes = 0;
                let bytes = code.len() + reason.as_ref().map_or(0, String::len);
                self.push(Content::Program { code, reason }, bytes);
            }
            LiveEvent::Stdout { text } => self.write(Voice::Stdout, &text),
            LiveEvent::Stderr { text } => {
                self.stderr_bytes += text.len();
                self.write(Voice::Stderr, &text);
            }
            LiveEvent::Model { text } => self.write(Voice::Model, &text),
            LiveEvent::Result(bundle) => {
                let bytes = size(&bundle);
                self.push(Content::Result(bundle), bytes);
            }
            LiveEvent::Finished(response) => self.finish(response),
        }
        self.let_go();
    }

    /// What there is to show, in order.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter()
    }

    /// What there is to show of the attempts after one: from the last that a program of it told. A model that writes
    /// the next attempt does so before that attempt begins.
    pub(crate) fn blocks_after(&self, attempt: u32) -> impl Iterator<Item = &Block> {
        let is_of_it = |block: &Block| block.attempt <= attempt && !block.is_model();
        let first = self
            .blocks
            .iter()
            .rposition(is_of_it)
            .map_or(0, |at| at + 1);
        self.blocks.iter().skip(first)
    }

    /// One block.
    pub(crate) fn block(&self, id: u32) -> Option<&Block> {
        let at = self
            .blocks
            .binary_search_by_key(&id, |block| block.id)
            .ok()?;
        self.blocks.get(at)
    }

    /// The attempt under way.
    pub(crate) fn attempt(&self) -> u32 {
        self.attempt
    }

    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    fn push(&mut self, content: Content, bytes: usize) {
        let (id, attempt) = (self.id(), self.attempt);
        self.bytes += bytes;
        self.blocks.push_back(Block {
            id,
            attempt,
            content,
        });
    }

    fn write(&mut self, voice: Voice, text: &str) {
        if text.is_empty() {
            return;
        }
        let goes_on = self
            .blocks
            .back()
            .is_some_and(|block| match &block.content {
                Content::Text(_) => block.is_model() == (voice == Voice::Model),
                _ => false,
            });
        if !goes_on {
            self.push(Content::Text(VecDeque::new()), 0);
        }
        let next_id = self.id();
        self.bytes += text.len();
        let Some(Content::Text(pieces)) = self.blocks.back_mut().map(|block| &mut block.content)
        else {
            return;
        };
        let mut rest = text;
        if let Some(last) = pieces.back_mut().filter(|last| last.voice == voice) {
            let (same, next) = share(last.text.len(), text);
            last.text.push_str(same);
            rest = next;
        }
        if !rest.is_empty() {
            pieces.push_back(Piece {
                id: next_id,
                voice,
                text: rest.to_owned(),
            });
        }
    }

    fn finish(&mut self, mut response: Box<ToolResponse>) {
        // A traceback is not written by the program; it comes with the end.
        let stderr = std::mem::take(&mut response.data.stderr);
        if let Some(traceback) = stderr.get(self.stderr_bytes..) {
            self.write(Voice::Stderr, traceback);
        }
        // The rest has been told.
        response.data.stdout = String::new();
        response.data.results = Vec::new();
        self.finished = Some(response);
    }

    fn let_go(&mut self) {
        while self.bytes > MAX_BYTES {
            let is_last = self.blocks.len() == 1;
            let Some(block) = self.blocks.front_mut() else {
                return;
            };
            let bytes = match &mut block.content {
                Content::Text(pieces) if pieces.len() > 1 => {
                    pieces.pop_front().map_or(0, |piece| piece.text.len())
                }
                // What came last is shown, however large it is.
                _ if is_last => return,
                _ => self.blocks.pop_front().map_or(0, |block| block.bytes()),
            };
            self.bytes -= bytes;
            self.dropped_bytes += bytes;
        }
    }
}

impl Block {
    fn bytes(&self) -> usize {
        match &self.content {
            Content::Program { code, reason } => {
                code.len() + reason.as_ref().map_or(0, String::len)
            }
            Content::Text(pieces) => pieces.iter().map(|piece| piece.text.len()).sum(),
            Content::Result(bundle) => size(bundle),
        }
    }

    /// Whether a model wrote it.
    pub(crate) fn is_model(&self) -> bool {
        match &self.content {
            Content::Text(pieces) => pieces
                .front()
                .is_some_and(|piece| piece.voice == Voice::Model),
            _ => false,
        }
    }
}

fn size(bundle: &MimeBundle) -> usize {
    bundle
        .iter()
        .map(|(kind, data)| kind.len() + data.len())
        .sum()
}

/// What of a text still belongs to a piece of so many bytes, and what begins the next: a piece ends with a line.
fn share(length: usize, text: &str) -> (&str, &str) {
    if length + text.len() <= PIECE_BYTES {
        return (text, "");
    }
    match text.find('\n') {
        Some(end) => text.split_at(end + 1),
        // Half a line, and the piece is long: a line without end is cut somewhere.
        None if length > 2 * PIECE_BYTES => ("", text),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests;
