//! `/api/executions`, `/api/executions/{id}` and `/api/sessions/{id}/executions`.

use api::ExecutionId;
use api::error::ErrorCode;
use api::filter::Filter;
use api::history::{Execution, ExecutionSummary, Page};
use axum::{Extension, Json};

use super::InForce;
use super::sessions;
use crate::error::Refusal;
use crate::extract::{ExecutionParam, FilterParam, PageParam, SessionParam};
use crate::interrupted::open_history;
use crate::tenant::Tenant;

/// Of all sessions.
pub(super) async fn list_all(
    Extension(settings): InForce,
    tenant: Tenant,
    FilterParam(filter): FilterParam,
    PageParam(page): PageParam,
) -> Result<Json<Page<ExecutionSummary>>, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    Ok(Json(history.executions(&filter, &page).await?))
}

pub(super) async fn list(
    Extension(settings): InForce,
    tenant: Tenant,
    SessionParam(id): SessionParam,
    PageParam(page): PageParam,
) -> Result<Json<Page<ExecutionSummary>>, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    let of_session = Filter {
        session_id: Some(id.id().to_owned()),
        ..Filter::default()
    };
    let executions = history.executions(&of_session, &page).await?;
    if executions.items.is_empty() && history.session(&id).await?.is_none() {
        return Err(sessions::missing(&id));
    }
    Ok(Json(executions))
}

pub(super) async fn show(
    Extension(settings): InForce,
    tenant: Tenant,
    ExecutionParam(id): ExecutionParam,
) -> Result<Json<Execution>, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    let execution = history.execution_so_far(&id).await?;
    execution.map(Json).ok_or_else(|| missing(&id))
}

/// The execution is not known.
pub(super) fn missing(id: &ExecutionId) -> Refusal {
    Refusal::new(ErrorCode::NotFound, format!("there is no execution `{id}`"))
}
