//! Every route, one file each.

mod archive;
mod cancel;
mod config;
mod decisions;
mod document;
mod e2b;
mod events;
mod executions;
pub mod files;
mod follow;
mod health;
mod home;
mod logs;
mod mcp;
mod metrics;
mod overview;
mod page;
mod sessions;
mod tables;
pub mod tool;
pub mod tools;

use std::sync::Arc;

use api::error::ErrorCode;
use axum::extract::Request;
use axum::routing::{any, get, post};
use axum::{Extension, Router, middleware};
use http::{Method, Uri};

use crate::error::Refusal;
use crate::guard::guard;
use crate::settings::Settings;

/// The settings, as [`guard`] hands them to a handler.
type InForce = Extension<Arc<Settings>>;

/// The router.
pub fn router() -> Router {
    let file = get(files::read)
        .head(files::read)
        .put(files::write)
        .delete(files::delete);
    let guarded = Router::new()
        .route("/api/tools", get(tools::list))
        .route(tool::PATH, post(tool::call))
        .route("/api/sessions", get(sessions::list))
        .route(
            "/api/sessions/{id}",
            get(sessions::show).delete(sessions::delete),
        )
        .route("/api/sessions/{id}/executions", get(executions::list))
        .route("/api/sessions/{id}/files", get(files::list))
        .route("/api/sessions/{id}/files/{*path}", file)
        .route("/api/executions", get(executions::list_all))
        .route("/api/sessions/{id}/files.zip", get(archive::show))
        .route("/api/sessions/{id}/tables/{*path}", get(tables::show))
        .route("/mcp", post(mcp::answer))
        .route("/api/executions/{id}", get(executions::show))
        .route("/api/executions/{id}/events", get(follow::events))
        .route("/api/executions/{id}/cancel", post(cancel::cancel))
        .route("/api/executions/{id}/approve", post(decisions::approve))
        .route("/api/executions/{id}/reject", post(decisions::reject))
        .route("/api/logs/prompts", get(logs::entries))
        .route("/api/logs/prompts.log", get(logs::text))
        .route("/api/overview", get(overview::show))
        .route("/api/events", get(events::watch))
        .route("/api/config", get(config::show))
        .route("/metrics", get(metrics::show))
        .route("/api/{*rest}", any(no_such_route))
        .layer(middleware::from_fn(guard));
    Router::new()
        .route("/", get(home::show))
        .route("/api/health", get(health::show))
        .route("/openapi.json", get(document::json))
        .route("/docs", get(document::page))
        .merge(page::routes())
        .merge(e2b::routes())
        .merge(guarded)
        .fallback(no_such_route)
        .method_not_allowed_fallback(no_such_method)
}

async fn no_such_route(uri: Uri) -> Refusal {
    Refusal::new(
        ErrorCode::NotFound,
        format!("there is no route {}", uri.path()),
    )
    .hint("GET / lists the routes")
}

async fn no_such_method(method: Method, request: Request) -> Refusal {
    let path = request.uri().path();
    Refusal::new(
        ErrorCode::MethodNotAllowed,
        format!("{path} has no method {method}"),
    )
    .hint("the header `Allow` lists those that it has")
}
