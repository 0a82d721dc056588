//! The routes of E2B's SDK, at the paths that it knows: the control API, the code interpreter's own, and, of the agent
//! in a sandbox, the files. What it may ask for besides is answered with 501 and its name.

mod contexts;
mod execute;
mod files;
mod filesystem;
mod refusal;
mod sandbox;
mod sandboxes;

use axum::extract::Request;
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Router, middleware};
use http::StatusCode;

use crate::guard::guard;
use refusal::{as_connect, as_rest, not_served};

pub(super) fn routes() -> Router {
    let rest = Router::new()
        .route("/sandboxes", post(sandboxes::create))
        .route(
            "/v2/sandboxes",
            get(sandboxes::list).post(sandboxes::create),
        )
        .route(
            "/sandboxes/{id}",
            get(sandboxes::show).delete(sandboxes::kill),
        )
        .route("/sandboxes/{id}/timeout", post(sandboxes::keep))
        .route("/sandboxes/{id}/connect", post(sandboxes::connect))
        .route("/v2/sandboxes/{id}/connect", post(sandboxes::connect))
        .route("/sandboxes/{id}/{*rest}", any(unserved))
        .route("/health", get(health))
        .route("/execute", post(execute::run))
        .route("/contexts", get(contexts::list).post(contexts::create))
        .route("/contexts/{id}", axum::routing::delete(contexts::remove))
        .route("/contexts/{id}/restart", post(contexts::restart))
        .route("/files", get(files::read).post(files::write));
    let connect = Router::new()
        .route("/filesystem.Filesystem/Stat", post(filesystem::stat))
        .route("/filesystem.Filesystem/ListDir", post(filesystem::list))
        .route("/filesystem.Filesystem/Remove", post(filesystem::remove))
        .route("/filesystem.Filesystem/{method}", any(unserved))
        .route("/process.Process/{method}", any(unserved));
    let guarded = |routes: Router| routes.layer(middleware::from_fn(guard));
    guarded(rest)
        .layer(middleware::map_response(as_rest))
        .merge(guarded(connect).layer(middleware::map_response(as_connect)))
}

/// `Sandbox.is_running()`: a request that names a sandbox which is gone has been refused by now.
async fn health(_: sandbox::Named) -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn unserved(request: Request) -> Response {
    not_served(request.uri().path())
}
