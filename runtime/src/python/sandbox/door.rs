//! The door: how the guest tells the host what it can't say on standard output.
//!
//! Any program can use it, so a frame is a claim about the program's own run and nothing more: it is
//! checked for shape and size, and ends up where the program's output would.

use std::sync::Arc;

use api::python::{MimeBundle, RunEvent};
use serde::Deserialize;
use wasmtime::{Caller, Extern};

use super::{Guest, Outbox, immortals};

/// A figure in print quality is a megabyte or two.
const MAX_FRAME_BYTES: usize = 16 << 20;
/// All results of a run.
const MAX_RESULT_BYTES: usize = 32 << 20;
const MAX_RESULTS: usize = 200;

/// Answers that the guest's C code knows.
const TAKEN: i32 = 0;
const FAULT: i32 = -2;

/// What a frame may hold.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame {
    Result { bundle: MimeBundle },
    Finished(Claim),
}

/// How the program says it ended.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(super) struct Claim {
    pub(super) outcome: ClaimedOutcome,
    pub(super) returncode: i32,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) traceback: String,
    pub(super) errno: Option<i32>,
    /// What helps to mend the error.
    pub(super) context: String,
    /// Whether the source is Python.
    #[serde(default = "compiled")]
    pub(super) compiled: bool,
}

fn compiled() -> bool {
    true
}

/// The outcomes that are the program's own to say.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimedOutcome {
    #[default]
    Ok,
    Exception,
    Exit,
}

/// One run's side of the door.
#[derive(Default)]
pub(in crate::python) struct Door {
    outbox: Option<Arc<Outbox>>,
    results: usize,
    result_bytes: usize,
    dropped: u64,
    claim: Option<Claim>,
    makes_image: bool,
}

impl Door {
    /// For a run: results go to the outbox.
    pub(in crate::python) fn new(outbox: Arc<Outbox>) -> Self {
        Self {
            outbox: Some(outbox),
            ..Self::default()
        }
    }

    /// For the interpreter that becomes the image.
    pub(super) fn of_the_image() -> Self {
        Self {
            makes_image: true,
            ..Self::default()
        }
    }

    /// Results that came after the limit.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// What the program said last of its end.
    pub(super) fn claim(&mut self) -> Option<Claim> {
        self.claim.take()
    }

    fn receive(&mut self, frame: &[u8]) -> i32 {
        match serde_json::from_slice(frame) {
            Ok(Frame::Result { bundle }) => self.result(bundle, frame.len()),
            Ok(Frame::Finished(claim)) => self.claim = Some(claim),
            Err(_) => return FAULT,
        }
        TAKEN
    }

    fn result(&mut self, bundle: MimeBundle, bytes: usize) {
        self.results += 1;
        self.result_bytes = self.result_bytes.saturating_add(bytes);
        match &self.outbox {
            Some(outbox)
                if self.results <= MAX_RESULTS && self.result_bytes <= MAX_RESULT_BYTES =>
            {
                outbox.push(RunEvent::Result(bundle));
            }
            _ => self.dropped += 1,
        }
    }
}

/// `host::call(frame, frame_length, answer_out, answer_length_out) -> status`. The answer is empty.
pub(super) fn call(
    mut caller: Caller<'_, Guest>,
    frame: u32,
    length: u32,
    answer: u32,
    answer_length: u32,
) -> i32 {
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else {
        return FAULT;
    };
    let (bytes, guest) = memory.data_and_store_mut(&mut caller);
    let (start, length) = (frame as usize, length as usize);
    let Some(frame) = start
        .checked_add(length)
        .and_then(|end| bytes.get(start..end))
    else {
        return FAULT;
    };
    if guest.door.makes_image
        && let Some(addresses) = immortals::addresses(frame)
    {
        immortals::make_immortal(bytes, &addresses);
        return answered(bytes, answer, answer_length, TAKEN);
    }
    let status = if frame.len() > MAX_FRAME_BYTES {
        // As any result past the limit: it is dropped and counted, and the program goes on.
        guest.door.dropped += 1;
        TAKEN
    } else {
        guest.door.receive(frame)
    };
    answered(bytes, answer, answer_length, status)
}

/// Gives the empty answer that every call gets.
fn answered(memory: &mut [u8], answer: u32, answer_length: u32, status: i32) -> i32 {
    for out in [answer as usize, answer_length as usize] {
        match memory.get_mut(out..out.saturating_add(4)) {
            Some(word) => word.fill(0),
            None => return FAULT,
        }
    }
    status
}
