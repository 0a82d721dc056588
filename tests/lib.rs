//! End-to-end tests: the real function in the real host running the real CPython, over HTTP.
//!
//! `cargo xtask test` builds what they start. They are modules of one test binary, a folder a subject
//! and a file a topic:
//!
//! - `harness`: what they are written with
//! - `contract`: the tool call, settings, modes, tokens, the manifest
//! - `sessions`: history, files, the prompt log
//! - `python`: what a program meets inside: a notebook's conveniences, tracebacks, fresh state
//! - `limits`: each just under and just over
//! - `service`: the python service's own protocol
//! - `commands`: `vivarium run`, `image`, `serve`
//! - `conformance`: both python services side by side
//! - `openinterpreter`: a model writes and repairs, a scripted one
//! - `dashboard`: what a person sees and does, in a real browser
//! - `e2b`: E2B's SDK, and what it says on the wire; `examples`: the agents of `examples/`
//! - `streaming`: an execution as it happens
//! - `mcp`: the Model Context Protocol, also with the official clients, which are in `clients/`
//! - `tracing`: what is sent to a collector of traces
//! - `lifecycle`: killed, stopped, started twice
//! - `abuse`: escapes and abuses, a file a surface
//! - `operating`: ids of requests, logs, metrics
//! - `auth`: whose what is, and who may call how often and from where
#![cfg(test)]
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod abuse;
mod auth;
mod commands;
mod conformance;
mod contract;
mod dashboard;
mod e2b;
mod examples;
mod harness;
mod lifecycle;
mod limits;
mod mcp;
mod openinterpreter;
mod operating;
mod python;
mod service;
mod sessions;
mod streaming;
mod tracing;
