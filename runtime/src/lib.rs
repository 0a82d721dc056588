//! CPython in wasmtime, and a small host for Spin applications.
//!
//! - [`python`]: the python service and everything below it
//! - [`host`]: runs the components of a `spin.toml`, without Spin
//! - `engine`: wasmtime's settings, as far as both have the same; [`cache`]: where both keep what they compiled; [`tls`]: connections to servers of others
//!
//! The two halves know nothing of each other: `vivarium serve` hands the service's routes to the host.

pub mod cache;
mod engine;
pub mod host;
pub mod python;
pub mod tls;
