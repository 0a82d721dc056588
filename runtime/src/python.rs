//! The python service: CPython in wasmtime, one fresh instance a run, and the HTTP protocol in front.
//!
//! - [`wheel`]: the interpreter's files, fetched and checked
//! - [`image`]: the started interpreter with its packages, compiled and cached
//! - [`engine`]: wasmtime's settings, and the clock that ends runs
//! - [`component`]: the same interpreter as a Spin component
//! - [`guest`]: the Python sources that go into the image
//! - [`sandbox`]: one run, with its limits
//! - [`workspace`]: a session's files
//! - [`queue`]: how many runs at once
//! - [`service`]: the protocol of [`api::python`]
//! - [`trace`]: what a collector of OpenTelemetry is told of runs
//!
//! It knows nothing of the function, of history or of models.

pub mod component;
pub mod engine;
mod guest;
pub mod image;
mod queue;
pub mod sandbox;
pub mod service;
pub mod trace;
pub mod wheel;
pub mod workspace;
