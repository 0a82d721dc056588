//! A session's files over HTTP: the list, and what downloads and uploads share.

use std::io;

use api::error::ErrorCode;
use api::files::FileList;
use api::{SessionKey, WorkspacePath};
use axum::Json;
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;

use super::error::Refusal;
use super::{Service, no_such_session};
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
        return Err(Refusal::new(
            ErrorCode::BadRequest,
            format!("`{path}` is a folder"),
        ));
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
        .ok_or_else(|| no_such_session(&session))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

/// Why a path can't be used. A path that leads out of the workspace, by whatever link, is forbidden.
pub(super) fn access(path: &WorkspacePath, error: &io::Error) -> Refusal {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Refusal::new(
            ErrorCode::NotFound,
            format!("the workspace has no file `{path}`"),
        ),
        io::ErrorKind::PermissionDenied => Refusal::new(
            ErrorCode::Forbidden,
            format!("`{path}` leads out of the workspace"),
        ),
        io::ErrorKind::InvalidFilename
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::AlreadyExists => Refusal::new(
            ErrorCode::BadRequest,
            format!("`{path}` can't be a file: {error}"),
        ),
        _ => Refusal::internal("using a file", error),
    }
}
