//! `PUT /v1/sessions/{id}/files/{path}`.

use std::io;

use api::error::ErrorCode;
use api::files::{FileEntry, FileInfo};
use api::python::{Limit, LimitHit, MAX_BYTES_HEADER, MAX_FILES_HEADER};
use api::{SessionKey, WorkspacePath};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};
use futures::TryStreamExt as _;
use service::quota::Usage;
use tokio::io::AsyncWriteExt as _;

use super::error::Refusal;
use super::files::access;
use super::{Service, tmp_folder};
use crate::python::workspace::{Workspace, info};

/// `PUT`: the file appears whole, or not at all.
pub(super) async fn upload(
    State(service): State<Service>,
    UrlPath((session, path)): UrlPath<(String, String)>,
    request: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<FileEntry>), Refusal> {
    const PARTIAL: &str = "upload";
    let session = SessionKey::parse(&session)?;
    let path = WorkspacePath::parse(&path)?;
    let most = Usage {
        bytes: limit(&request, MAX_BYTES_HEADER)?,
        files: limit(&request, MAX_FILES_HEADER)?,
    };
    let failed = |e: io::Error| Refusal::internal("storing an upload", &e);
    let workspace = Workspace::open_or_create(&service.shared.scratch, &session).map_err(failed)?;
    let old = workspace.dir().metadata(path.as_str()).ok();
    if old.as_ref().is_some_and(Metadata::is_dir) {
        return Err(Refusal::new(
            ErrorCode::Conflict,
            format!("`{path}` is a folder"),
        ));
    }
    let usage = workspace.usage().map_err(failed)?;
    let folders = path.as_str().matches('/').count() as u64;
    if old.is_none() && usage.files.saturating_add(1 + folders) > most.files {
        return Err(full(Limit::WorkspaceFiles, most.files));
    }
    let room = most.bytes.saturating_sub(
        usage
            .bytes
            .saturating_sub(old.as_ref().map_or(0, Metadata::len)),
    );

    let tmp = tmp_folder(&service.shared.tmp).map_err(failed)?;
    let mut file = tokio::fs::File::create(tmp.path().join(PARTIAL))
        .await
        .map_err(failed)?;
    let mut chunks = body.into_data_stream();
    let mut size = 0;
    while let Some(chunk) = chunks
        .try_next()
        .await
        .map_err(|e| Refusal::new(ErrorCode::BadRequest, format!("the upload broke off: {e}")))?
    {
        size += chunk.len() as u64;
        if size > room {
            return Err(full(Limit::WorkspaceBytes, most.bytes));
        }
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;

    if let Some((folder, _)) = path.as_str().rsplit_once('/') {
        workspace
            .dir()
            .create_dir_all(folder)
            // A link that leads out is there, and can't be opened.
            .map_err(|error| match workspace.dir().open_dir(folder) {
                Err(leads_out) if leads_out.kind() == io::ErrorKind::PermissionDenied => leads_out,
                _ => error,
            })
            .map_err(|e| access(&path, &e))?;
    }
    let from = Dir::open_ambient_dir(tmp.path(), ambient_authority()).map_err(failed)?;
    from.rename(PARTIAL, workspace.dir(), path.as_str())
        .map_err(|e| access(&path, &e))?;
    let metadata = workspace
        .dir()
        .symlink_metadata(path.as_str())
        .map_err(|e| access(&path, &e))?;
    let entry = FileEntry {
        info: FileInfo {
            changed: true,
            ..info(path.as_str(), &metadata)
        },
        path: path.into(),
    };
    Ok((
        if old.is_some() {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        },
        Json(entry),
    ))
}

fn full(limit: Limit, value: u64) -> Refusal {
    Refusal::new(
        ErrorCode::WorkspaceFull,
        LimitHit::new(limit, value).message,
    )
}

fn limit(request: &HeaderMap, name: &str) -> Result<u64, Refusal> {
    let Some(value) = request.get(name) else {
        return Ok(u64::MAX);
    };
    let parsed = value.to_str().ok().and_then(|value| value.parse().ok());
    parsed.ok_or_else(|| {
        Refusal::new(
            ErrorCode::BadRequest,
            format!("the header `{name}` must be a whole number"),
        )
    })
}
