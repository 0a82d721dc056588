//! A session's files over HTTP: the list, and what downloads and uploads share.

use std::io;

use api::files::FileList;
use api::{SessionKey, WorkspacePath};
use axum::Json;
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use service::request;

use super::Service;
use super::error::Refusal;
use crate::python::workspace::Workspace;

/// `GET /v1/sessions/{id}/files`.
pub(super) async fn list(
    State(service): State<Service>,
    UrlPath(session): UrlPath<String>,
) -> Result<Json<FileList>, Refusal> {
    let workspace = open(&service, &session)?;
    let files = blocking(move || workspace.list())
        .await
        .map_err(|e| Refusal::internal("listing files", &e))?;
    let total_bytes = files.iter().map(|file| file.info.size).sum();
    Ok(Json(FileList { files, total_bytes }))
}

/// `DELETE` of a file, or of a link itself.
pub(super) async fn delete(
    State(service): State<Service>,
    UrlPath((session, path)): UrlPath<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let path = WorkspacePath::parse(&path)?;
    let workspace = open(&service, &session)?;
    if workspace
        .dir()
        .symlink_metadata(path.as_str())
        .map_err(|e| access(&path, &e))?
        .is_dir()
    {
        return Err(request::is_a_folder(&path).into());
    }
    workspace
        .dir()
        .remove_file(path.as_str())
        .map_err(|e| access(&path, &e))?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn open(service: &Service, session: &str) -> Result<Workspace, Refusal> {
    let session = SessionKey::parse(session)?;
    Workspace::open(&service.shared.scratch, &session)
        .map_err(|e| Refusal::internal("opening a workspace", &e))?
        .ok_or_else(|| request::no_workspace(&session).into())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

/// Why a path can't be used.
pub(super) fn access(path: &WorkspacePath, error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => request::no_file(path).into(),
        io::ErrorKind::PermissionDenied => request::leads_out(path).into(),
        io::ErrorKind::InvalidFilename
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::AlreadyExists => request::no_place(path, error).into(),
        _ => Refusal::internal("using a file", error),
    }
}
