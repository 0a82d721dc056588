//! `PUT /v1/sessions/{id}/files/{path}`.

use std::io;

use api::error::ErrorCode;
use api::files::{FileEntry, FileInfo};
use api::{SessionKey, WorkspacePath};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};
use futures::TryStreamExt as _;
use service::quota::Usage;
use service::request::{full, taken_by_a_folder, upload_limits};
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
    let most = upload_limits(&request)?;
    let failed = |e: io::Error| Refusal::internal("storing an upload", &e);
    let workspace = Workspace::open_or_create(&service.shared.scratch, &session).map_err(failed)?;
    let old = workspace.dir().metadata(path.as_str()).ok();
    if old.as_ref().is_some_and(Metadata::is_dir) {
        return Err(taken_by_a_folder(&path).into());
    }
    let usage = workspace.usage().map_err(failed)?;
    let new_folders = path
        .as_str()
        .match_indices('/')
        .filter(|(end, _)| !workspace.dir().is_dir(&path.as_str()[..*end]))
        .count() as u64;
    let others = Usage {
        bytes: usage
            .bytes
            .saturating_sub(old.as_ref().map_or(0, Metadata::len)),
        files: usage.files.saturating_add(new_folders),
    };
    if old.is_none() {
        others.admit_file(most).map_err(full)?;
    }

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
        others.admit_bytes(size, most).map_err(full)?;
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
