//! `/files`: reading and writing a sandbox's files.

use api::WorkspacePath;
use api::error::ErrorCode;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, Method, header};
use serde::{Deserialize, Serialize};

use super::sandbox::Sandbox;
use crate::e2b::paths::{BadPlace, Place, absolute};
use crate::error::Refusal;
use crate::extract::Words;
use crate::python::PythonService;
use crate::routes::{InForce, files};
use crate::settings::Settings;

/// `?path=`; whose file it is makes no difference here.
#[derive(Deserialize)]
pub(super) struct At {
    path: Option<String>,
}

/// A file that was written.
#[derive(Serialize)]
pub(super) struct Written {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    path: String,
}

/// `files.read()`.
pub(super) async fn read(
    Extension(settings): InForce,
    sandbox: Sandbox,
    Words(at): Words<At>,
) -> Result<Response, Refusal> {
    let path = Place::file(&at.path.unwrap_or_default())?;
    let service = PythonService::new(&settings.python_url);
    let answer = service
        .file(Method::GET, &sandbox.id, &path, Body::empty(), |request| {
            request
        })
        .await?;
    Ok(files::passed_out(service.accepted(answer).await?))
}

/// `files.write()` and `files.write_files()`: one file as it is, or a form with as many as one likes.
pub(super) async fn write(
    Extension(settings): InForce,
    sandbox: Sandbox,
    Words(at): Words<At>,
    request: Request,
) -> Result<Json<Vec<Written>>, Refusal> {
    let (parts, body) = request.into_parts();
    if parts.headers.contains_key(header::CONTENT_ENCODING) {
        let message = "compressed uploads are not supported: write the file without `gzip`";
        return Err(Refusal::new(ErrorCode::BadRequest, message));
    }
    let Some(boundary) = boundary(&parts.headers) else {
        let path = Place::file(&at.path.unwrap_or_default())?;
        return Ok(Json(vec![put(&settings, &sandbox, path, body).await?]));
    };
    let mut form = multer::Multipart::new(body.into_data_stream(), boundary);
    let mut written = Vec::new();
    while let Some(part) = form.next_field().await.map_err(bad_form)? {
        // Of several files, each has its path as its name.
        let path = at.path.as_deref().or(part.file_name()).unwrap_or_default();
        let path = Place::file(path)?;
        written.push(put(&settings, &sandbox, path, Body::from_stream(part)).await?);
    }
    Ok(Json(written))
}

async fn put(
    settings: &Settings,
    sandbox: &Sandbox,
    path: WorkspacePath,
    body: Body,
) -> Result<Written, Refusal> {
    let answer = files::put(settings, &sandbox.id, &path, &HeaderMap::new(), body).await?;
    PythonService::new(&settings.python_url)
        .accepted(answer)
        .await?;
    Ok(Written {
        name: path.file_name().to_owned(),
        kind: "file",
        path: absolute(path.as_str()),
    })
}

/// Between the parts of a form.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let media_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(media_type).ok()
}

fn bad_form(error: multer::Error) -> Refusal {
    Refusal::new(ErrorCode::BadRequest, format!("the form: {error}"))
}

impl From<BadPlace> for Refusal {
    fn from(bad: BadPlace) -> Self {
        Self::new(ErrorCode::BadRequest, bad.to_string())
    }
}
