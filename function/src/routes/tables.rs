//! `/api/sessions/{id}/tables/{path}`: the beginning of a table, for those who only want a look at it.

use api::error::ErrorCode;
use api::files::Table;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::{Extension, Json};
use serde::Deserialize;

use super::InForce;
use crate::error::Refusal;
use crate::extract::FileParam;
use crate::preview::{self, Asked};
use crate::python::PythonService;

/// Rows, unless as many are asked for; and how many may be.
const ROWS: u32 = 100;
const MAX_ROWS: u32 = 1000;

/// `?sheet=&rows=`.
#[derive(Deserialize)]
pub(super) struct TableQuery {
    sheet: Option<String>,
    rows: Option<u32>,
}

pub(super) async fn show(
    Extension(settings): InForce,
    FileParam(id, path): FileParam,
    query: Result<Query<TableQuery>, QueryRejection>,
) -> Result<Json<Table>, Refusal> {
    let bad = |message| Refusal::new(ErrorCode::BadRequest, message);
    let Query(query) = query.map_err(|rejection| bad(rejection.body_text()))?;
    let rows = query.rows.unwrap_or(ROWS);
    if !(1..=MAX_ROWS).contains(&rows) {
        return Err(bad(format!("`rows` must be from 1 to {MAX_ROWS}")));
    }
    let asked = Asked {
        path: &path,
        sheet: query.sheet.as_deref(),
        rows,
    };
    let request = preview::request(&settings, &asked);
    let service = PythonService::new(&settings.python_url);
    let (output, finished) = service.output(&id, &request).await?;
    preview::table(&asked, &request, &output, &finished).map(Json)
}
