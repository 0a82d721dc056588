//! `/api/sessions` and `/api/sessions/{id}`.

use api::SessionKey;
use api::error::ErrorCode;
use api::history::{Page, Session};
use axum::{Extension, Json};
use http::StatusCode;

use super::InForce;
use crate::error::Refusal;
use crate::extract::{FilterParam, PageParam, SessionParam};
use crate::history::Deleted;
use crate::interrupted::open_history;
use crate::python::PythonService;
use crate::tenant::Tenant;

pub(super) async fn list(
    Extension(settings): InForce,
    tenant: Tenant,
    FilterParam(filter): FilterParam,
    PageParam(page): PageParam,
) -> Result<Json<Page<Session>>, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    Ok(Json(history.sessions(&filter, &page).await?))
}

pub(super) async fn show(
    Extension(settings): InForce,
    tenant: Tenant,
    SessionParam(id): SessionParam,
) -> Result<Json<Session>, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    history
        .session(&id)
        .await?
        .map(Json)
        .ok_or_else(|| missing(&id))
}

/// Workspace first: when that fails, the session is still there to be deleted again.
pub(super) async fn delete(
    Extension(settings): InForce,
    tenant: Tenant,
    SessionParam(id): SessionParam,
) -> Result<StatusCode, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    if history.is_running(&id).await? {
        return Err(running(&id));
    }
    let had_files = PythonService::new(&settings.python_url)
        .delete_workspace(&id)
        .await?;
    match history.delete_session(&id).await? {
        Deleted::Running => Err(running(&id)),
        Deleted::Missing if !had_files => Err(missing(&id)),
        Deleted::Missing | Deleted::Yes => Ok(StatusCode::NO_CONTENT),
    }
}

/// The session is not known.
pub(super) fn missing(id: &SessionKey) -> Refusal {
    Refusal::new(
        ErrorCode::NotFound,
        format!("there is no session `{}`", id.id()),
    )
}

fn running(id: &SessionKey) -> Refusal {
    Refusal::new(
        ErrorCode::Conflict,
        format!("something is running in session `{}`", id.id()),
    )
    .hint("wait until it has ended, or cancel it")
}
