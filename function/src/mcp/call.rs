//! Calling the tool.

use std::pin::pin;
use std::sync::Arc;

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use futures::future::{Either, select};
use serde_json::{Map, Value, json};
use spin_sdk::time::sleep;

use super::message::{Request, RpcError};
use super::progress::{Progress, Watch};
use super::{Caller, complete, inner, result, tools};
use crate::execution::Done;
use crate::history::note;
use crate::patience::{BEAT, beating, lost, tell};

/// The method.
pub(super) const METHOD: &str = "tools/call";

/// Calls the tool. An answer that takes longer than a moment comes as events, to who takes them: he hears of what
/// happens if he asked to, and his hanging up is noticed.
pub(super) async fn call(caller: &Caller, request: Request) -> Result<Response, RpcError> {
    let name = request.text("name")?;
    if ![tools::NAME, tools::ALIAS].contains(&name) {
        let message = format!("there is no tool `{}`", name.escape_debug());
        return Err(RpcError::invalid_params(message));
    }
    let settings = &caller.settings;
    let arguments = request.params.get("arguments").unwrap_or(&Value::Null);
    let begun = match inner::start(
        settings,
        &caller.tenant,
        arguments,
        caller.session.as_ref(),
        &caller.parent,
    )
    .await
    {
        Ok(begun) => begun,
        // So that the model reads what is wrong, and calls again.
        Err(refusal) => {
            let refused = result::of(&refusal.tool_response(), caller.revision);
            return Ok(Json(complete(caller.revision, &request, refused)).into_response());
        }
    };
    let mut underway = begun.underway;
    let soon = match select(&mut underway.outcome, pin!(sleep(BEAT))).await {
        Either::Left((done, _)) => Some(done.unwrap_or_else(|_| lost())),
        Either::Right(_) => None,
    };
    let watch = caller
        .session
        .clone()
        .map(|session| Watch::new(session, &request.id, begun.at));
    let progress = Progress::new(caller.revision, request, watch);
    Ok(match soon {
        Some(done) => Json(progress.answer(&done)).into_response(),
        None if caller.wants_events => {
            tell(progress, Vec::new(), underway.outcome, underway.events)
        }
        None => {
            let progress = Arc::new(progress);
            let body = move |done: Done| progress.answer(&done).to_string().into();
            beating(underway.outcome, body)
        }
    })
}

/// A client that has called a request off. In 2026 it hangs up instead.
pub(super) async fn call_off(caller: &Caller, params: &Map<String, Value>) {
    if let (Some(session), Some(id)) = (&caller.session, params.get("requestId")) {
        note(inner::call_off(session, &json!(id).to_string()).await);
    }
}
