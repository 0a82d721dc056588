//! `/api/logs/prompts` and `/api/logs/prompts.log`: the prompt log, in parts and as text.

use api::history::{Execution, Page, PromptLogEntry, Status};
use axum::{Extension, Json};
use http::{HeaderName, header};

use super::InForce;
use crate::error::Refusal;
use crate::extract::PageParam;
use crate::interrupted::open_history;
use crate::promptlog;
use crate::settings::Settings;

pub(super) async fn entries(
    Extension(settings): InForce,
    PageParam(page): PageParam,
) -> Result<Json<Page<PromptLogEntry>>, Refusal> {
    let found = open_history(&settings).await?.latest(&page).await?;
    let items = found
        .items
        .into_iter()
        .map(|execution| entry(execution, &settings))
        .collect();
    Ok(Json(Page {
        items,
        next_cursor: found.next_cursor,
    }))
}

/// The newest, in the order of time, as the file has them: what still runs is not in it yet.
pub(super) async fn text(
    Extension(settings): InForce,
    PageParam(page): PageParam,
) -> Result<([(HeaderName, &'static str); 2], String), Refusal> {
    let found = open_history(&settings).await?.latest(&page).await?;
    let ended = found
        .items
        .iter()
        .rev()
        .filter(|execution| execution.summary.status != Status::Running);
    let text = ended
        .map(|execution| promptlog::of(execution, &settings))
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, text))
}

fn entry(execution: Execution, settings: &Settings) -> PromptLogEntry {
    let text = promptlog::of(&execution, settings);
    let summary = execution.summary;
    PromptLogEntry {
        execution_id: summary.execution_id,
        session_id: summary.session_id,
        mode: summary.mode,
        status: summary.status,
        started_at: summary.started_at,
        text,
    }
}
