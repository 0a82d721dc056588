//! `POST /api/executions/{id}/approve` and `/reject`: a person's decision on code that waits.

use api::ExecutionId;
use api::error::ErrorCode;
use api::history::{Attempt, Execution as Record};
use api::tool::{Approval, Rejection};
use api::{InvalidId, SessionId};
use axum::Extension;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use serde::de::DeserializeOwned;

use super::InForce;
use super::tool::{answer, see_through, whole};
use crate::call::Call;
use crate::clock::{Beginning, now_ms};
use crate::error::Refusal;
use crate::execution::Execution;
use crate::executor::{OpenInterpreterExecutor, Saved, Start};
use crate::extract::ExecutionParam;
use crate::history::History;
use crate::interrupted::open_history;
use crate::settings::Settings;

pub(super) async fn approve(
    Extension(settings): InForce,
    ExecutionParam(id): ExecutionParam,
    body: Body,
) -> Response {
    match decision::<Approval>(body).await {
        Ok(Approval { code }) => go_on(settings, id, |saved| Start::Approved(saved, code)).await,
        Err(refusal) => refusal.into_response(),
    }
}

pub(super) async fn reject(
    Extension(settings): InForce,
    ExecutionParam(id): ExecutionParam,
    body: Body,
) -> Response {
    match decision::<Rejection>(body).await {
        Ok(Rejection { reason }) => {
            let reason = reason.unwrap_or_else(|| "no reason was given".to_owned());
            go_on(settings, id, |saved| Start::Rejected(saved, reason)).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// A decision without a body is one without further words.
async fn decision<T: DeserializeOwned + Default>(body: Body) -> Result<T, Refusal> {
    let body = whole(body).await?;
    if body.trim_ascii().is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(&body).map_err(|error| {
        Refusal::new(
            ErrorCode::BadRequest,
            format!("the body is not a decision: {error}"),
        )
    })
}

/// Takes the execution up, and answers as the tool call would have.
async fn go_on(
    settings: std::sync::Arc<Settings>,
    id: ExecutionId,
    start: impl FnOnce(Box<Saved>) -> Start,
) -> Response {
    let beginning = Beginning::now();
    let (history, call, attempt, saved) = match take_up(&settings, id).await {
        Ok(taken) => taken,
        Err(refusal) => return refusal.into_response(),
    };
    let start = start(Box::new(saved));
    answer(move |caller| async move {
        let executor = OpenInterpreterExecutor::new(&settings, start);
        let execution = Execution::resumed(&settings, &call, beginning, history, attempt);
        see_through(&execution, &executor, caller).await;
    })
    .await
}

async fn take_up(
    settings: &Settings,
    id: ExecutionId,
) -> Result<(History, Call, Attempt, Saved), Refusal> {
    let history = open_history(settings).await?;
    let missing = || Refusal::new(ErrorCode::NotFound, format!("there is no execution `{id}`"));
    let record = history.execution(&id).await?.ok_or_else(missing)?;
    let Some(pending) = history.resume(&id, now_ms()).await? else {
        return Err(Refusal::new(
            ErrorCode::Conflict,
            format!("execution `{id}` does not wait for approval"),
        )
        .hint("GET /api/executions/{id} says how it stands"));
    };
    let saved: Saved = serde_json::from_str(&pending)
        .map_err(|error| Refusal::internal(&format!("execution {id}: what waits: {error}")))?;
    let call = call(&record, id, &saved)
        .map_err(|error| Refusal::internal(&format!("the history: {error}")))?;
    let attempt = record.attempt_list.into_iter().next_back();
    let attempt = attempt.ok_or_else(|| Refusal::internal(&"an execution without an attempt"))?;
    Ok((history, call, attempt, saved))
}

fn call(record: &Record, execution_id: ExecutionId, saved: &Saved) -> Result<Call, InvalidId> {
    Ok(Call {
        execution_id,
        session_id: SessionId::parse(&record.summary.session_id)?,
        code: record.code.clone(),
        stdin: saved.stdin.clone(),
        timeout_ms: saved.timeout_ms,
        context: record.context.clone(),
    })
}
