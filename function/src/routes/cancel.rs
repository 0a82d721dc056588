//! `POST /api/executions/{id}/cancel`: the end of an execution that somebody else waits for, or nobody.

use std::time::{Duration, Instant};

use api::SessionId;
use api::error::ErrorCode;
use api::history::{Execution, Status};
use axum::{Extension, Json};
use spin_sdk::time::sleep;

use super::InForce;
use super::executions::missing;
use crate::clock::now_ms;
use crate::error::Refusal;
use crate::extract::ExecutionParam;
use crate::interrupted::open_history;
use crate::promptlog;
use crate::tenant::Tenant;

/// How long the one who works on it may take to notice, be it in another instance.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often the history is asked meanwhile.
const ASK_EVERY: Duration = Duration::from_millis(20);

pub(super) async fn cancel(
    Extension(settings): InForce,
    tenant: Tenant,
    ExecutionParam(id): ExecutionParam,
) -> Result<Json<Execution>, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    let status = history.status(&id).await?.ok_or_else(|| missing(&id))?;
    if !goes_on(status) {
        let ended = format!("execution `{id}` has ended already: {}", status.as_str());
        return Err(Refusal::new(ErrorCode::Conflict, ended));
    }
    let since = Instant::now();
    let mut waited = false;
    loop {
        // Again and again, since it may have come to wait for a person meanwhile.
        waited |= history.ask_to_cancel(&id, now_ms()).await?;
        if !history.status(&id).await?.is_some_and(goes_on) {
            break;
        }
        if since.elapsed() > PATIENCE {
            let slow = format!("execution `{id}` is asked to end, and has not ended yet");
            return Err(Refusal::new(ErrorCode::Busy, slow)
                .hint("GET /api/executions/{id} says how it stands"));
        }
        sleep(ASK_EVERY).await;
    }
    let execution = history.execution(&id).await?.ok_or_else(|| missing(&id))?;
    if waited {
        let session = tenant.session(&SessionId::parse(&execution.summary.session_id)?);
        let block = promptlog::of(&execution, session.as_str(), &settings);
        promptlog::print(&block);
    }
    Ok(Json(execution))
}

fn goes_on(status: Status) -> bool {
    matches!(status, Status::Running | Status::AwaitingApproval)
}
