//! How a run ended, from what the host saw and what the program said.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use api::python::{Finished, Limit, LimitHit, Outcome, PythonError, RunRequest, Truncated};
use tokio_util::sync::CancellationToken;
use wasmtime::Trap;
use wasmtime_wasi::I32Exit;

use super::Guest;
use super::door::{Claim, ClaimedOutcome};

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

/// The errors of WASI that `OSError.errno` carries when the quota refused.
const ENOSPC: i32 = 51;

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
        return claimed(guest, claim, request);
    }
    if stop.cancelled.load(Ordering::Relaxed) {
        return ended(
            Outcome::Cancelled,
            130,
            error("Cancelled", "the caller hung up"),
            None,
        );
    }
    if stop.deadline.load(Ordering::Relaxed) {
        let limit = LimitHit::new(Limit::Timeout, request.timeout_ms);
        return ended(
            Outcome::Timeout,
            124,
            error("Timeout", &limit.message),
            Some(limit),
        );
    }
    let failure = match result {
        Some(Err(failure)) => failure,
        // Its own runner did not report: the program broke it.
        Some(Ok(_)) | None => {
            return crashed("the program ended without a word from the interpreter");
        }
    };
    if let Some(I32Exit(code)) = failure.downcast_ref() {
        return match code {
            0 => ended(Outcome::Ok, 0, None, None),
            code => ended(
                Outcome::Exit,
                *code,
                error("SystemExit", &code.to_string()),
                None,
            ),
        };
    }
    if guest.memory.refused() {
        return out_of_memory(request);
    }
    match failure.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => {
            crashed("the interpreter's stack is exhausted: recursion is too deep")
        }
        Some(trap) => crashed(&format!("the interpreter crashed: {trap}")),
        None => crashed(&format!(
            "the interpreter crashed: {}",
            failure.root_cause()
        )),
    }
}

fn claimed(guest: &Guest, claim: Claim, request: &RunRequest) -> Finished {
    let Claim {
        outcome,
        returncode,
        name,
        value,
        traceback,
        errno,
        context,
        compiled,
    } = claim;
    let told = Some(PythonError {
        name,
        value,
        traceback,
        context,
    });
    let ending = match outcome {
        ClaimedOutcome::Ok => ended(Outcome::Ok, 0, None, None),
        ClaimedOutcome::Exit => ended(Outcome::Exit, returncode, told, None),
        ClaimedOutcome::Exception => {
            let is_memory_error = told
                .as_ref()
                .is_some_and(|e| e.name.contains("MemoryError"));
            match guest.quota.refused() {
                _ if guest.memory.refused() && is_memory_error => {
                    let limit = LimitHit::new(Limit::Memory, request.memory_bytes);
                    ended(Outcome::Memory, 137, told, Some(limit))
                }
                Some(limit) if errno == Some(ENOSPC) => {
                    ended(Outcome::Disk, 1, told, Some(limit.clone()))
                }
                _ => ended(Outcome::Exception, 1, told, None),
            }
        }
    };
    Finished { compiled, ..ending }
}

/// The end of an interpreter that could not go on without more memory.
pub(super) fn out_of_memory(request: &RunRequest) -> Finished {
    let limit = LimitHit::new(Limit::Memory, request.memory_bytes);
    let error = PythonError {
        name: "OutOfMemory".to_owned(),
        value: limit.message.clone(),
        traceback: String::new(),
        context: String::new(),
    };
    ended(Outcome::Memory, 137, Some(error), Some(limit))
}

fn crashed(why: &str) -> Finished {
    ended(Outcome::Crashed, 134, error("Crashed", why), None)
}

fn error(name: &str, value: &str) -> Option<PythonError> {
    Some(PythonError {
        name: name.to_owned(),
        value: value.to_owned(),
        traceback: String::new(),
        context: String::new(),
    })
}

fn ended(
    outcome: Outcome,
    returncode: i32,
    error: Option<PythonError>,
    limit: Option<LimitHit>,
) -> Finished {
    Finished {
        outcome,
        returncode,
        error,
        limit,
        code_ms: 0.0,
        peak_memory_bytes: 0,
        truncated: Truncated::default(),
        files: Vec::new(),
        compiled: true,
    }
}
