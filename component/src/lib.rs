//! The python service as a Spin component: the protocol of [`api::python`], the workspaces in a key-value store, and the
//! operating system of the interpreter, all in one instance, which serves one request.
//!
//! Compiled, this is half of a component: a module that imports the interpreter and exports the system calls that the
//! interpreter imports. `vivarium image --component` joins the two into one module with two memories, and makes that a
//! component. So a system call is a function call, and no program can reach this half's memory.
//!
//! - [`store`]: the key-value store; [`catalogue`]: what is kept of a workspace; [`workspace`]: reading and writing it
//! - [`files`]: a run's files, in memory, read when they are first opened; [`changes`]: what a run changed of them
//! - [`system`]: WASI preview 1, as far as CPython imports it
//! - [`routes`]: the protocol; [`run`]: one run; [`upload`], [`download`]: one file
//! - `interpreter`, `calls`, `wasi`, `http`: where these meet WebAssembly
//!
//! It has no network and no clock of its own but the host's, and knows nothing of models or history.

pub mod catalogue;
pub mod changes;
pub mod files;
pub mod store;
pub mod system;
pub mod workspace;

#[cfg(target_family = "wasm")]
mod calls;
#[cfg(target_family = "wasm")]
mod http;
#[cfg(target_family = "wasm")]
mod interpreter;
#[cfg(target_family = "wasm")]
mod routes;
#[cfg(target_family = "wasm")]
mod run;
#[cfg(target_family = "wasm")]
mod transfer;
#[cfg(target_family = "wasm")]
mod wasi;
