//! `/api/logs/prompts` and `/api/logs/prompts.log`: the prompt log, in parts and as text.

use api::error::ErrorCode;
use api::history::{Execution, Page, PromptLogEntry, Status};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::{HeaderValue, header};
use serde::Deserialize;

use super::InForce;
use crate::error::Refusal;
use crate::extract::{FilterParam, PageParam, Words};
use crate::interrupted::open_history;
use crate::promptlog;
use crate::settings::Settings;
use crate::tenant::Tenant;

/// `?download=`: whether a browser is to keep the text rather than to show it.
#[derive(Deserialize)]
pub(super) struct HowToShow {
    download: Option<String>,
}

pub(super) async fn entries(
    Extension(settings): InForce,
    tenant: Tenant,
    FilterParam(filter): FilterParam,
    PageParam(page): PageParam,
) -> Result<Json<Page<PromptLogEntry>>, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    let found = history.prompts(&filter, &page).await?;
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
    tenant: Tenant,
    FilterParam(filter): FilterParam,
    PageParam(page): PageParam,
    Words(how): Words<HowToShow>,
) -> Result<Response, Refusal> {
    let download = how.download()?;
    let history = open_history(&settings, &tenant).await?;
    let found = history.prompts(&filter, &page).await?;
    let ended = found
        .items
        .iter()
        .rev()
        .filter(|execution| execution.summary.status != Status::Running);
    let text: String = ended
        .map(|execution| promptlog::of(execution, &execution.summary.session_id, &settings))
        .collect();
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let mut response = (headers, text).into_response();
    if download {
        let name = HeaderValue::from_static("attachment; filename=\"prompts.log\"");
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

impl HowToShow {
    fn download(&self) -> Result<bool, Refusal> {
        match self.download.as_deref() {
            Some("true") => Ok(true),
            None | Some("" | "false") => Ok(false),
            Some(other) => Err(Refusal::new(
                ErrorCode::BadRequest,
                format!(
                    "invalid download `{}`: it must be true or false",
                    other.escape_debug()
                ),
            )),
        }
    }
}

fn entry(execution: Execution, settings: &Settings) -> PromptLogEntry {
    let text = promptlog::of(&execution, &execution.summary.session_id, settings);
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
