//! Each limit, just under and just over.

mod cancel;
mod disk;
mod memory;
mod output;
mod queue;
mod timeout;
