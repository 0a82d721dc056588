//! The Model Context Protocol (streamable HTTP), in front of the same tool call and the same files as the API.
//!
//! No state is kept for it. In the revisions of 2025 the id that `initialize` gives out is the id of a Vivarium session,
//! which comes into being with its first call; in that of 2026 each request says all there is to know.
//!
//! - [`message`]: JSON-RPC; [`revision`]: which revision a request speaks; [`origin`]: whose pages may
//! - [`methods`]: what can be asked; [`tools`]: the tool's definition; [`call`]: calling it; [`resources`]: files
//! - [`result`]: what a call came to; [`literal`]: a value out of what Python shows; [`progress`]: while it runs
//! - [`inner`]: all that it asks of the rest of the function
//!
//! The official Rust SDK can't serve it here: its HTTP service wants tokio's runtime and futures that are `Send`, and
//! its types alone would make the function larger by almost a megabyte.

mod call;
mod inner;
mod literal;
mod message;
mod methods;
pub mod origin;
mod progress;
mod resources;
mod result;
mod revision;
pub mod tools;

use std::sync::Arc;

use api::{SessionId, SessionKey};
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, StatusCode};
use serde_json::{Value, json};

use crate::accept::wants_events;
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::trace::Parent;
use message::{Message, Request, RpcError};
use revision::Revision;

/// Of a client that began with `initialize`: the session that its calls go to unless they name one.
const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");

/// What is known of a request beside its message.
struct Caller {
    settings: Arc<Settings>,
    tenant: Tenant,
    revision: Revision,
    session: Option<SessionKey>,
    /// The span that it calls in.
    parent: Parent,
    /// Whether it takes an answer of events.
    wants_events: bool,
}

/// Answers one message.
pub async fn answer(
    settings: Arc<Settings>,
    tenant: Tenant,
    headers: &HeaderMap,
    body: &[u8],
) -> Response {
    let message = match Message::parse(body) {
        Ok(message) => message,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, &Value::Null, &error),
    };
    let id = message.id();
    let caller = match understand(settings, tenant, headers, &message) {
        Ok(caller) => caller,
        Err(error) => return refuse(StatusCode::BAD_REQUEST, &id, &error),
    };
    match message {
        Message::Request(request) => match methods::answer(&caller, request).await {
            Ok(response) => response,
            Err(error) => refuse(caller.revision.status(error.code), &id, &error),
        },
        Message::Notification { method, params } => {
            if method == "notifications/cancelled" {
                call::call_off(&caller, &params).await;
            }
            StatusCode::ACCEPTED.into_response()
        }
        // We never ask anything.
        Message::Answer => StatusCode::ACCEPTED.into_response(),
    }
}

fn understand(
    settings: Arc<Settings>,
    tenant: Tenant,
    headers: &HeaderMap,
    message: &Message,
) -> Result<Caller, RpcError> {
    let revision = Revision::of(headers, message)?;
    let session = match headers.get(&SESSION) {
        Some(id) if revision.has_sessions() => {
            let id = String::from_utf8_lossy(id.as_bytes());
            let id = SessionId::parse(&id);
            let id = id.map_err(|bad| RpcError::invalid_params(bad.to_string()))?;
            Some(tenant.session(&id))
        }
        _ => None,
    };
    Ok(Caller {
        settings,
        tenant,
        revision,
        session,
        parent: Parent::of(headers),
        wants_events: wants_events(headers),
    })
}

fn refuse(status: StatusCode, id: &Value, error: &RpcError) -> Response {
    (status, Json(error.message(id))).into_response()
}

/// A result, with what the revision wants beside it.
fn complete(revision: Revision, request: &Request, mut result: Value) -> Value {
    if revision == Revision::PerRequest {
        result["resultType"] = json!("complete");
        result["_meta"] = json!({ "io.modelcontextprotocol/serverInfo": methods::server_info() });
        if request.method != call::METHOD {
            // A file may change at any moment, and the description of the tool with a restart.
            result["ttlMs"] = json!(0);
            result["cacheScope"] = json!("private");
        }
    }
    message::result(&request.id, result)
}
