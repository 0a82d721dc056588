//! `filesystem.Filesystem`, E2B's Connect service for what `/files` can't say: looking, and removing.

use api::error::ErrorCode;
use api::files::FileList;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::json;

use super::execute::understand;
use super::sandbox::Sandbox;
use crate::e2b::entries::{self, inside};
use crate::e2b::paths::Place;
use crate::error::Refusal;
use crate::python::PythonService;
use crate::routes::{InForce, files, tool};
use crate::settings::Settings;

/// Every request of the service that is served; protobuf leaves out what is empty.
#[derive(Deserialize)]
struct At {
    #[serde(default)]
    path: String,
    #[serde(default)]
    depth: usize,
}

/// `files.get_info()` and `files.exists()`.
pub(super) async fn stat(
    Extension(settings): InForce,
    sandbox: Sandbox,
    body: Body,
) -> Result<Response, Refusal> {
    let (place, _, list) = asked(&settings, &sandbox, body).await?;
    let entry = entries::stat(&list, &place).ok_or_else(|| missing("", &place))?;
    Ok(Json(json!({ "entry": entry })).into_response())
}

/// `files.list()`.
pub(super) async fn list(
    Extension(settings): InForce,
    sandbox: Sandbox,
    body: Body,
) -> Result<Response, Refusal> {
    let (place, depth, list) = asked(&settings, &sandbox, body).await?;
    let entries = entries::list(&list, &place, depth.max(1));
    let entries = entries.ok_or_else(|| missing("folder ", &place))?;
    Ok(Json(json!({ "entries": entries })).into_response())
}

/// `files.remove()`: a file, or all that are in a folder.
pub(super) async fn remove(
    Extension(settings): InForce,
    sandbox: Sandbox,
    body: Body,
) -> Result<Response, Refusal> {
    let (place, _, list) = asked(&settings, &sandbox, body).await?;
    let is_it = |path: &str| matches!(&place, Place::Inside(place) if place.as_str() == path);
    let it = list.files.iter().filter(|file| is_it(&file.path));
    let doomed: Vec<_> = it.chain(inside(&list, &place)).collect();
    if doomed.is_empty() {
        return Err(missing("", &place));
    }
    let service = PythonService::new(&settings.python_url);
    for file in doomed {
        let path = Place::file(&file.path)?;
        let answer = files::remove(&settings, &sandbox.id, &path, &HeaderMap::new()).await?;
        service.accepted(answer).await?;
    }
    Ok(Json(json!({})).into_response())
}

/// The place that is asked for, how deep, and all the files that there are.
async fn asked(
    settings: &Settings,
    sandbox: &Sandbox,
    body: Body,
) -> Result<(Place, usize, FileList), Refusal> {
    let At { path, depth } = understand(&tool::whole(body).await?)?;
    let place = Place::parse(&path)?;
    Ok((place, depth, files::all(settings, &sandbox.id).await?))
}

/// There is nothing of this kind at the place.
fn missing(kind: &str, place: &Place) -> Refusal {
    let message = format!("there is no {kind}`{}`", place.absolute());
    Refusal::new(ErrorCode::NotFound, message)
}
