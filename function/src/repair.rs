//! The repair loop, as far as it is pure: what to do next, what the model is told, what is forbidden.
//!
//! - [`machine`]: the loop itself, a state machine without I/O
//! - [`prompt`]: the messages to the model, rendered from the operator's templates
//! - [`hints`]: what helps against a known error
//! - [`policy`]: what safe mode forbids, and the program that looks for it

pub mod hints;
pub mod machine;
pub mod policy;
pub mod prompt;
