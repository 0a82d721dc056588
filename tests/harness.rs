//! What every test is written with: real processes of the real binary, and fluent calls to them.
//!
//! - [`Server`]: `vivarium serve`; [`tool::ToolCall`] and [`ToolReply`] are a tool call and its answer
//! - [`PythonService`]: the python service alone, either of the two ([`Which`]); [`run::Run`] is a run whose events arrive one by one
//! - [`ModelServer`]: a model server with a script of what to [`Say`]
//! - [`Collector`]: a collector of traces, with the spans that it was sent
//! - [`LiveEvents`]: what an execution tells, event by event
//! - [`vivarium`]: a command that runs to its end
//! - [`Browser`]: a page in a real browser; [`Overheard`]: all that it asks for
//! - [`vivarium`]: a command that runs to its end; [`client`]: a script with somebody else's client
//! - [`Browser`]: a page in a real browser
//! - [`history`]: a data folder with a past; [`Watched`]: `GET /api/events`, event by event
//! - [`Http`] and [`Reply`]: any request, and its answer with everything that is known about it
//!
//! Servers listen on port 0 and say where; nothing waits by sleeping. Whatever is asserted prints the
//! request, the answer and the server's own output when it fails.

mod binary;
mod browser;
mod cache;
mod collector;
mod command;
mod event_stream;
pub(crate) mod history;
mod http;
mod live_events;
mod model_server;
mod overheard;
mod process;
mod python_service;
mod redact;
mod run;
pub(crate) mod server;
mod session;
mod tool;
mod until;
mod watched;
mod which;

pub(crate) use binary::{binary, root};
pub(crate) use browser::Browser;
pub(crate) use cache::share_image;
pub(crate) use collector::Collector;
pub(crate) use command::{Ended, client, vivarium, vivarium_in, vivarium_with_cache};
pub(crate) use http::{Http, Reply};
pub(crate) use live_events::{LiveEvents, in_words};
pub(crate) use model_server::{Asked, MODEL, ModelServer, Say};
pub(crate) use overheard::Overheard;
pub(crate) use python_service::PythonService;
pub(crate) use redact::redacted;
pub(crate) use run::run_request;
pub(crate) use server::Server;
pub(crate) use session::Session;
pub(crate) use tool::{PYTHON_CODER, ToolCall, ToolReply};
pub(crate) use until::until;
pub(crate) use watched::Watched;
pub(crate) use which::Which;

/// A name that no other test of this process has.
pub(crate) fn unique(prefix: &str) -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("{prefix}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}
