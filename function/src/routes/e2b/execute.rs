//! `POST /execute`: runs a program, and tells what happens line by line.

use std::sync::Arc;

use api::SessionId;
use api::error::ErrorCode;
use api::tool::Mode;
use axum::Extension;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header;
use serde::de::DeserializeOwned;

use super::contexts;
use super::sandbox::{Named, Sandbox};
use crate::call::Call;
use crate::clock::{Beginning, new_execution_id, new_session_id};
use crate::e2b::lines::Lines;
use crate::e2b::order::Program;
use crate::error::Refusal;
use crate::execution::Done;
use crate::routes::{InForce, tool};
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::trace::Parent;

pub(super) async fn run(
    Extension(settings): InForce,
    tenant: Tenant,
    Named(sandbox): Named,
    parent: Parent,
    body: Body,
) -> Result<Response, Refusal> {
    let beginning = Beginning::now();
    let settings = native(&settings)?;
    let program: Program = understand(&tool::whole(body).await?)?;
    program.check()?;
    let sandbox = match (sandbox, &program.context_id) {
        (Some(sandbox), Some(context)) => Some(contexts::check(sandbox, context).await?),
        // The first context of a sandbox has its name.
        (None, Some(context)) => Some(named(&tenant, context).await?),
        (sandbox, None) => sandbox,
    };
    let (session_id, before) = match sandbox {
        Some(sandbox) => (sandbox.id, sandbox.session.executions),
        None => (tenant.session(&new_session_id()), 0),
    };
    let call = Call {
        execution_id: new_execution_id(),
        session_id,
        code: program.code,
        stdin: String::new(),
        // Its client hangs up when it has waited long enough.
        timeout_ms: settings.max_timeout_ms,
        asked_timeout: None,
        context: None,
        parent,
    };
    let lines = Lines::new(before + 1);
    let answer = tool::stream(lines, |caller| {
        tool::execute(settings, call, beginning, caller)
    });
    Ok(answer.await.unwrap_or_else(refused))
}

/// A body of JSON, whatever type it says it is.
pub(super) fn understand<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::new(ErrorCode::BadRequest, format!("the body: {error}")))
}

/// The settings, but that code runs as it is: a caller of this has no instructions for a model. Where an operator has
/// code approved or checked first, it is not to run by this way round.
fn native(settings: &Settings) -> Result<Arc<Settings>, Refusal> {
    let is_watched = !settings.auto_run || settings.safe_mode;
    if settings.mode == Mode::OpenInterpreter && is_watched {
        let message =
            "code is approved or checked before it runs here, and E2B's SDK knows no way to";
        return Err(
            Refusal::new(ErrorCode::Forbidden, message).hint("use POST /api/tools/python_coder")
        );
    }
    let mode = Mode::Native;
    Ok(Arc::new(Settings {
        mode,
        ..settings.clone()
    }))
}

async fn named(tenant: &Tenant, context: &str) -> Result<Sandbox, Refusal> {
    let found = match SessionId::parse(context) {
        Ok(id) => Sandbox::find(tenant.session(&id)).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| contexts::missing(context))
}

fn refused(done: Done) -> Response {
    let code = done.response.metadata.code.unwrap_or(ErrorCode::Internal);
    let refusal = Refusal::new(code, done.response.error.unwrap_or_default());
    match done.retry_after {
        Some(after) => refusal.header(header::RETRY_AFTER, &after),
        None => refusal,
    }
    .into_response()
}
