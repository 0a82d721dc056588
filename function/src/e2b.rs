//! E2B's code interpreter, as its own SDK speaks with it: what it says, without what is done about it.
//!
//! - [`lines`]: what `POST /execute` answers; [`results`]: a result in it
//! - [`paths`]: where a sandbox's files are; [`entries`]: what its folders hold
//! - [`sandbox`]: a sandbox, as the control API shows it; [`order`]: one that is asked for
//!
//! A sandbox is a session. What a session has not, such as variables that outlive a call, has no stand-in here.

pub mod entries;
pub mod lines;
pub mod order;
pub mod paths;
pub mod results;
pub mod sandbox;
