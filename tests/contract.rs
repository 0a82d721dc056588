//! What callers may rely on.

mod authentication;
mod bad_requests;
mod config;
mod deploy;
mod document;
mod manifest;
mod modes;
mod page;
mod settings;
mod tool_call;
mod tools;
