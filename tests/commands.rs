//! The binary's commands, as a person types them.

mod image;
mod run;
mod serve;
