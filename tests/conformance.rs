//! Both python services side by side, whichever the other tests are about: what the one answers, the other answers.
//!
//! `programs` and `files` compare; `differences` is the whole list of what the two do differently, and each entry is a
//! test. README.md tells it to operators.

mod differences;
mod files;
mod programs;

use crate::harness::{PythonService, Which};

/// Does the same with both, and gives what came of it: natively, and as a component.
fn both<T>(mut act: impl FnMut(&'static PythonService) -> T) -> (T, T) {
    (
        act(PythonService::start_which(Which::Native)),
        act(PythonService::start_which(Which::Component)),
    )
}
