//! The door's host side: `host::call`.

use std::sync::Arc;

use api::python::RunEvent;
use service::door::Claim;
use wasmtime::{Caller, Extern};

use super::{Guest, Outbox, immortals};

/// Answers that the guest's C code knows.
const TAKEN: i32 = 0;
const FAULT: i32 = -2;

/// One run's side of the door.
#[derive(Default)]
pub(in crate::python) struct Door {
    outbox: Option<Arc<Outbox>>,
    door: service::door::Door,
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
        self.door.dropped()
    }

    /// What the program said last of its end.
    pub(super) fn claim(&mut self) -> Option<Claim> {
        self.door.claim()
    }

    fn receive(&mut self, frame: &[u8]) -> i32 {
        match self.door.receive(frame) {
            Ok(result) => {
                if let (Some(bundle), Some(outbox)) = (result, &self.outbox) {
                    outbox.push(RunEvent::Result(bundle));
                }
                TAKEN
            }
            Err(_) => FAULT,
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
    let status = guest.door.receive(frame);
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
