//! `/api/overview`: how things went lately, in figures.

use api::error::ErrorCode;
use api::overview::Overview;
use axum::{Extension, Json};
use serde::Deserialize;

use super::InForce;
use crate::clock::now_ms;
use crate::error::Refusal;
use crate::extract::Words;
use crate::interrupted::open_history;
use crate::tenant::Tenant;

/// A day.
const DEFAULT_HOURS: u32 = 24;
/// A year.
const MAX_HOURS: u32 = 8760;

/// `?hours=` as it came.
#[derive(Deserialize)]
pub(super) struct HowLong {
    hours: Option<String>,
}

pub(super) async fn show(
    Extension(settings): InForce,
    tenant: Tenant,
    Words(how_long): Words<HowLong>,
) -> Result<Json<Overview>, Refusal> {
    let hours = how_long.hours()?;
    let history = open_history(&settings, &tenant).await?;
    Ok(Json(history.overview(hours, now_ms()).await?))
}

impl HowLong {
    fn hours(&self) -> Result<u32, Refusal> {
        let text = self.hours.as_deref().unwrap_or_default();
        if text.is_empty() {
            return Ok(DEFAULT_HOURS);
        }
        match text.parse() {
            Ok(hours) if (1..=MAX_HOURS).contains(&hours) => Ok(hours),
            _ => Err(Refusal::new(
                ErrorCode::BadRequest,
                format!(
                    "invalid hours `{}`: it must be a whole number between 1 and {MAX_HOURS}",
                    text.escape_debug()
                ),
            )),
        }
    }
}
