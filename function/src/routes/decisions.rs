//! `POST /api/executions/{id}/approve` and `/reject`: a person's decision on code that waits.

use std::sync::Arc;

use api::ExecutionId;
use api::error::ErrorCode;
use api::history::Execution as Record;
use api::tool::{Approval, Mode, Rejection};
use api::{InvalidId, SessionId};
use axum::Extension;
use axum::body::Body;
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

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
use crate::limits;
use crate::live::Wanted;
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::trace::Parent;

pub(super) async fn approve(
    Extension(settings): InForce,
    tenant: Tenant,
    ExecutionParam(id): ExecutionParam,
    wanted: Wanted,
    parent: Parent,
    body: Body,
) -> Result<Response, Refusal> {
    let Approval {
        code,
        proposed_code,
    } = decision(body).await?;
    if code.as_ref().is_some_and(|code| code.trim().is_empty()) {
        return Err(Refusal::new(
            ErrorCode::BadRequest,
            "`code` is empty: leave it out to run the code that waits",
        ));
    }
    let caller = (wanted, parent);
    go_on(settings, tenant, id, caller, proposed_code, |saved| {
        Start::Approved(saved, code)
    })
    .await
}

pub(super) async fn reject(
    Extension(settings): InForce,
    tenant: Tenant,
    ExecutionParam(id): ExecutionParam,
    wanted: Wanted,
    parent: Parent,
    body: Body,
) -> Result<Response, Refusal> {
    let Rejection {
        reason,
        proposed_code,
    } = decision(body).await?;
    let reason = reason.unwrap_or_else(|| "no reason was given".to_owned());
    let caller = (wanted, parent);
    go_on(settings, tenant, id, caller, proposed_code, |saved| {
        Start::Rejected(saved, reason)
    })
    .await
}

/// A decision without a body is one without further words.
async fn decision<T: DeserializeOwned + Default>(body: Body) -> Result<T, Refusal> {
    let body = whole(body).await?;
    if body.trim_ascii().is_empty() {
        return Ok(T::default());
    }
    let bad = |error: &dyn std::fmt::Display| {
        Refusal::new(
            ErrorCode::BadRequest,
            format!("the body is not a decision: {error}"),
        )
    };
    let fields: Map<String, Value> = serde_json::from_slice(&body).map_err(|error| bad(&error))?;
    T::deserialize(Value::Object(fields)).map_err(|error| bad(&error))
}

/// Takes the execution up, and answers as the tool call would have.
async fn go_on(
    settings: Arc<Settings>,
    tenant: Tenant,
    id: ExecutionId,
    (wanted, parent): (Wanted, Parent),
    seen: Option<String>,
    start: impl FnOnce(Box<Saved>) -> Start,
) -> Result<Response, Refusal> {
    let (history, saved) = take_up(&settings, &tenant, &id, seen.as_deref()).await?;
    let record = history.execution(&id).await?;
    let missing = || Refusal::internal(&format!("execution {id} is gone"));
    let mut record = record.ok_or_else(missing)?;
    let attempt = record.attempt_list.pop().ok_or_else(missing)?;
    let began = record.summary.started_at.as_millisecond();
    let beginning = Beginning::resumed(began, saved.seconds);
    let call = call(&record, &tenant, id, &saved)?.within(parent);
    let start = start(Box::new(saved));
    Ok(answer(wanted, move |mut caller| async move {
        let executor = OpenInterpreterExecutor::new(&settings, start);
        let execution = Execution::resumed(
            &settings,
            &call,
            beginning,
            history,
            attempt,
            caller.listener(),
        );
        see_through(&execution, &executor, caller).await;
    })
    .await)
}

async fn take_up(
    settings: &Settings,
    tenant: &Tenant,
    id: &ExecutionId,
    seen: Option<&str>,
) -> Result<(History, Saved), Refusal> {
    if settings.mode != Mode::OpenInterpreter {
        return Err(Refusal::new(
            ErrorCode::Conflict,
            "what waits for approval goes on in openinterpreter mode only",
        )
        .hint("set python_executor_mode to 'openinterpreter', and start again"));
    }
    let history = open_history(settings, tenant).await?;
    let Some(pending) = history.pending(id).await? else {
        return Err(match history.execution(id).await? {
            None => Refusal::new(ErrorCode::NotFound, format!("there is no execution `{id}`")),
            Some(_) => conflict(format!("execution `{id}` does not wait for approval")),
        });
    };
    let saved = serde_json::from_str(&pending)
        .map_err(|error| Refusal::internal(&format!("execution {id}: what waits: {error}")))?;
    let now = now_ms();
    limits::count(settings, &history, id, now).await?;
    let at_once = settings.max_concurrent_calls;
    if history.resume(id, seen, now, at_once).await? {
        Ok((history, saved))
    } else {
        limits::check_room(settings, &history, id, now).await?;
        Err(conflict(format!(
            "execution `{id}` was decided on meanwhile, or other code waits than was seen"
        )))
    }
}

fn conflict(what: String) -> Refusal {
    Refusal::new(ErrorCode::Conflict, what).hint("GET /api/executions/{id} says how it stands")
}

fn call(
    record: &Record,
    tenant: &Tenant,
    execution_id: ExecutionId,
    saved: &Saved,
) -> Result<Call, InvalidId> {
    Ok(Call {
        execution_id,
        session_id: tenant.session(&SessionId::parse(&record.summary.session_id)?),
        code: record.code.clone(),
        stdin: saved.stdin.clone(),
        timeout_ms: saved.timeout_ms,
        asked_timeout: record.timeout,
        context: record.context.clone(),
        parent: Parent::default(),
    })
}
