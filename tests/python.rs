//! What a program meets inside.

mod context;
mod exit;
mod figures;
mod fresh;
mod notebook;
mod packages;
mod stdin;
mod streams;
mod tracebacks;
