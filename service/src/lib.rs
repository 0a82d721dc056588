//! What both python services say and do alike: the one that runs in wasmtime (`runtime`), and the one that is a Spin
//! component (`component`). They differ in where workspaces are and in who enforces a limit; the rest is here.
//!
//! - [`program`]: how a program is handed to the interpreter
//! - [`door`]: what the interpreter tells of a run
//! - [`output`]: a program's output, as text, up to its limit
//! - [`ending`]: how a run ended
//! - [`quota`]: what a workspace holds and may hold
//! - [`download`]: a file over HTTP
//! - [`request`]: what they take, and how they refuse the rest
//!
//! It does no I/O.

pub mod door;
pub mod download;
pub mod ending;
pub mod output;
pub mod program;
pub mod quota;
pub mod request;
