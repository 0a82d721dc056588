//! Killed, stopped, started twice.

mod cache;
mod kill;
mod stop;
