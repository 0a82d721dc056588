//! How a run ended, from what the host saw and what the program said.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use api::python::{Finished, RunRequest};
use service::ending::{self, Refused};
use tokio_util::sync::CancellationToken;
use wasmtime::Trap;
use wasmtime_wasi::I32Exit;

use super::Guest;

/// Why the host ended a run. Set once, by whichever of the two watchers sees it first.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop {
    deadline: Arc<AtomicBool>,
    cancelled: Arc<AtomicBool>,
}

impl Stop {
    /// Looks whether the run must end, and remembers it.
    pub(super) fn check(&self, deadline: Instant, cancel: &CancellationToken) -> bool {
        if cancel.is_cancelled() {
            self.cancelled.store(true, Ordering::Relaxed);
        } else if Instant::now() >= deadline {
            self.deadline.store(true, Ordering::Relaxed);
        } else {
            return false;
        }
        true
    }
}

/// Puts together how the run ended. Times, memory, truncation and files are the caller's to fill in.
///
/// `result` is what the call into the guest gave, or nothing where it was dropped as it waited.
pub(super) fn classify(
    request: &RunRequest,
    guest: &mut Guest,
    result: Option<wasmtime::Result<i32>>,
    stop: &Stop,
) -> Finished {
    // A program that came to its end in the last moment did so.
    if let (Some(Ok(_)), Some(claim)) = (&result, guest.door.claim()) {
        let refused = Refused {
            memory: guest.memory.refused(),
            disk: guest.quota.refused(),
        };
        return ending::claimed(request, claim, refused);
    }
    if stop.cancelled.load(Ordering::Relaxed) {
        return ending::cancelled("the caller hung up");
    }
    if stop.deadline.load(Ordering::Relaxed) {
        return ending::timeout(request.timeout_ms);
    }
    let failure = match result {
        Some(Err(failure)) => failure,
        // Its own runner did not report: the program broke it.
        Some(Ok(_)) | None => {
            return ending::crashed("the program ended without a word from the interpreter");
        }
    };
    if let Some(I32Exit(code)) = failure.downcast_ref() {
        return ending::exited(*code);
    }
    if guest.memory.refused() {
        return ending::out_of_memory(request);
    }
    match failure.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => {
            ending::crashed("the interpreter's stack is exhausted: recursion is too deep")
        }
        Some(trap) => ending::crashed(&format!("the interpreter crashed: {trap}")),
        None => ending::crashed(&format!(
            "the interpreter crashed: {}",
            failure.root_cause()
        )),
    }
}
