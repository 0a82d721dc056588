//! `/contexts`: names for places to run code in. Since nothing but files outlives a call, and files are the sandbox's,
//! all contexts of a sandbox are alike; the first has the sandbox's own name.

use api::error::ErrorCode;
use axum::Json;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use super::execute::understand;
use super::sandbox::{Named, Sandbox};
use crate::clock::new_nonce;
use crate::e2b::order::NewContext;
use crate::e2b::sandbox::Context;
use crate::error::Refusal;
use crate::history::History;
use crate::routes::tool;
use crate::tenant::Tenant;

/// `create_code_context()`. Without a sandbox, it makes one.
pub(super) async fn create(
    tenant: Tenant,
    Named(sandbox): Named,
    body: Body,
) -> Result<Response, Refusal> {
    let body = tool::whole(body).await?;
    let order: NewContext = if body.is_empty() {
        NewContext::default()
    } else {
        understand(&body)?
    };
    order.check()?;
    let id = match sandbox {
        Some(sandbox) => {
            let id = new_nonce();
            let history = History::open(&Tenant::of(&sandbox.id)).await?;
            history.add_context(&sandbox.id, &id).await?;
            id
        }
        None => Sandbox::create(&tenant).await?.id().to_owned(),
    };
    Ok(Json(Context::new(&id)).into_response())
}

/// `list_code_contexts()`.
pub(super) async fn list(sandbox: Sandbox) -> Result<Response, Refusal> {
    let others = History::open(&Tenant::of(&sandbox.id))
        .await?
        .contexts(&sandbox.id)
        .await?;
    let first = Context::new(sandbox.id.id());
    let others = others.iter().map(|id| Context::new(id));
    let all: Vec<_> = [first].into_iter().chain(others).collect();
    Ok(Json(all).into_response())
}

/// `remove_code_context()`.
pub(super) async fn remove(
    sandbox: Sandbox,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    if sandbox.id.id() == id {
        let message = "the first context of a sandbox lasts as long as the sandbox";
        return Err(Refusal::new(ErrorCode::Conflict, message));
    }
    let history = History::open(&Tenant::of(&sandbox.id)).await?;
    match history.remove_context(&sandbox.id, &id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(missing(&id)),
    }
}

/// `restart_code_context()`: what it would forget is forgotten after every call.
pub(super) async fn restart(
    sandbox: Sandbox,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    check(sandbox, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The sandbox, if it has such a context.
pub(super) async fn check(sandbox: Sandbox, id: &str) -> Result<Sandbox, Refusal> {
    let is_first = sandbox.id.id() == id;
    if is_first {
        return Ok(sandbox);
    }
    let others = History::open(&Tenant::of(&sandbox.id))
        .await?
        .contexts(&sandbox.id)
        .await?;
    match others.iter().any(|other| other == id) {
        true => Ok(sandbox),
        false => Err(missing(id)),
    }
}

/// There is no such context.
pub(super) fn missing(id: &str) -> Refusal {
    let message = format!("there is no context `{}`", id.escape_debug());
    Refusal::new(ErrorCode::NotFound, message)
}
