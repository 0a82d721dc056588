//! How a run ended, in the protocol's words. Times, memory, truncation and files are the caller's to fill in.

use api::python::{Finished, Limit, LimitHit, Outcome, PythonError, RunRequest, Truncated};

use crate::door::{Claim, ClaimedOutcome};

/// The error of WASI that `OSError.errno` carries when the quota refused.
const ENOSPC: i32 = 51;

/// The limits that refused something while a program ran.
#[derive(Debug, Clone, Copy, Default)]
pub struct Refused<'a> {
    /// Memory.
    pub memory: bool,
    /// Space, the latest refusal.
    pub disk: Option<&'a LimitHit>,
}

/// What the program says itself, unless a limit explains it better.
pub fn claimed(request: &RunRequest, claim: Claim, refused: Refused<'_>) -> Finished {
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
            match refused.disk {
                _ if refused.memory && is_memory_error => {
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

/// `os._exit`.
pub fn exited(code: i32) -> Finished {
    match code {
        0 => ended(Outcome::Ok, 0, None, None),
        code => ended(
            Outcome::Exit,
            code,
            error("SystemExit", &code.to_string()),
            None,
        ),
    }
}

/// The deadline.
pub fn timeout(timeout_ms: u64) -> Finished {
    let limit = LimitHit::new(Limit::Timeout, timeout_ms);
    ended(
        Outcome::Timeout,
        124,
        error("Timeout", &limit.message),
        Some(limit),
    )
}

/// The caller hung up, before or while the program ran.
pub fn cancelled(why: &str) -> Finished {
    ended(Outcome::Cancelled, 130, error("Cancelled", why), None)
}

/// The end of an interpreter that could not go on without more memory.
pub fn out_of_memory(request: &RunRequest) -> Finished {
    let limit = LimitHit::new(Limit::Memory, request.memory_bytes);
    ended(
        Outcome::Memory,
        137,
        error("OutOfMemory", &limit.message),
        Some(limit),
    )
}

/// The interpreter came down, or never came up.
pub fn crashed(why: &str) -> Finished {
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
