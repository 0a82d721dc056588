//! The Spin HTTP function: all behaviour that a caller sees.
//!
//! - [`routes`]: every route, one file each; [`guard`] comes before them, [`extract`] reads their requests
//! - [`tenant`]: whose a request is; [`cors`]: which pages from elsewhere may make any
//! - [`request`]: what is around every answer: its id and its line in the [`log`]
//! - [`limits`]: how many tool calls a token may make
//! - [`call`]: a tool call, understood; [`execution`]: its life; [`patience`]: its answer, and hanging up
//! - [`executor`]: the modes; [`python`]: the python service that they run code in
//! - [`live`]: what an execution tells while it happens; [`sse`]: events in a body
//! - [`metrics`]: what the history counts, as Prometheus reads it
//! - [`answer`], [`promptlog`], [`description`]: texts, made by pure functions
//! - [`history`]: SQLite; [`interrupted`]: what only seems to run; [`cursor`] and [`filter`]: pages of what is asked for
//! - [`archive`]: a session's files as one; [`preview`]: the beginning of a table
//! - [`assets`]: the dashboard's files; [`accept`]: which of what there is a client would rather have
//! - [`e2b`]: what another system's clients say, and are told
//! - [`settings`]: what an operator sets; [`app`]: what lasts as long as the instance
//! - [`docs`]: the API as a page for people; `document` makes what it shows, `openapi.json`, of the types, in a test
//! - [`mcp`]: the Model Context Protocol, in front of the same call and the same files
//! - [`repair`]: the loop of openinterpreter mode, pure; [`model`]: the client of the model server
//! - [`sse`]: server-sent events, written; [`spawned`]: what tasks need to begin; [`words`]: a host's errors for people
//! - [`trace`]: what a collector of OpenTelemetry is told of calls
//! - [`error`]: the one place where what went wrong becomes an answer
//!
//! It runs no Python and touches no workspace itself, knows nothing of the host beyond Spin's interfaces, and
//! never falls back from one mode to another.

pub mod accept;
pub mod answer;
pub mod app;
pub mod archive;
pub mod assets;
pub mod call;
pub mod clock;
pub mod cors;
pub mod cursor;
pub mod description;
pub mod docs;
#[cfg(test)]
mod document;
pub mod e2b;
pub mod error;
pub mod execution;
pub mod executor;
pub mod extract;
pub mod filter;
pub mod guard;
pub mod history;
pub mod interrupted;
pub mod limits;
pub mod live;
pub mod log;
pub mod mcp;
pub mod metrics;
pub mod model;
pub mod patience;
pub mod preview;
pub mod promptlog;
pub mod python;
pub mod repair;
pub mod request;
pub mod routes;
pub mod settings;
pub mod spawned;
pub mod sse;
pub mod tenant;
pub mod trace;
pub mod words;

/// The door: compiled for the component only, so that everything else can be tested natively.
#[cfg(target_family = "wasm")]
mod component {
    use std::sync::OnceLock;

    use axum::Router;
    use spin_sdk::http::{IntoResponse, Request};
    use spin_sdk::http_service;
    use tower_service::Service as _;

    use crate::app;
    use crate::cors;
    use crate::request::observe;
    use crate::routes::router;

    /// Making it costs a third of a millisecond, so an instance does it once.
    static ROUTER: OnceLock<Router> = OnceLock::new();

    #[http_service]
    async fn handle(request: Request) -> impl IntoResponse {
        let settings = app::settings().await;
        let mut router = ROUTER
            .get_or_init(|| {
                let origins = settings.map_or_else(|_| Vec::new(), |all| all.cors_origins.clone());
                cors::over(router(), &origins)
            })
            .clone();
        observe(request, async |request| {
            let answered = router.call(request).await;
            answered.unwrap_or_else(|never| match never {})
        })
        .await
    }
}
