//! The words that Vivarium's parts share: every JSON body that crosses HTTP, and the rules that both
//! sides of a request must agree on (what a session id is, what a workspace path is).
//!
//! - [`tool`]: the tool call, `POST /api/tools/python_coder`
//! - [`python`]: the python service's protocol, spoken between the function and whatever runs Python
//! - [`files`]: workspace files, the same in both
//! - [`history`]: sessions, executions and attempts, as the dashboard reads them; [`filter`]: which of them
//! - [`overview`]: how things went, in figures
//! - [`live`]: what happens, as it happens; [`sse`]: server-sent events, cut out of bytes
//! - [`config`]: the settings in force
//! - [`error`]: the body of every refused request that is not a tool call
//! - [`ids`]: identifiers, parsed once at the edge; [`tenant`]: whose sessions are
//! - `client` (feature): a typed client of the function
//!
//! Without that feature it holds no behaviour that needs I/O, a clock or a random source.

#[cfg(feature = "client")]
pub mod client;
pub mod config;
pub mod error;
pub mod files;
pub mod filter;
pub mod history;
pub mod ids;
pub mod live;
pub mod overview;
pub mod python;
pub mod sse;
pub mod tenant;
pub mod tool;

pub use ids::{ExecutionId, InvalidId, RequestId, SessionId, WorkspacePath};
pub use tenant::{SessionKey, TenantName};
