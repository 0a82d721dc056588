//! `/api/sessions/{id}/files.zip`: all files at once.

use axum::Extension;
use axum::body::Body;
use axum::response::IntoResponse;
use http::header;

use super::InForce;
use crate::archive::body;
use crate::error::Refusal;
use crate::extract::SessionParam;
use crate::python::PythonService;

pub(super) async fn show(
    Extension(settings): InForce,
    SessionParam(id): SessionParam,
) -> Result<impl IntoResponse, Refusal> {
    let list = PythonService::new(&settings.python_url).files(&id).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            // An id has nothing in it that would have to be quoted.
            format!("attachment; filename=\"{}.zip\"", id.id()),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    let archive: Body = body(settings, id, list.files);
    Ok((headers, archive))
}
