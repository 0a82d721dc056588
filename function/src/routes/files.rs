//! `/api/sessions/{id}/files`: the python service's files, under the API's own roof.

use api::error::ErrorCode;
use api::files::{FileEntry, FileList, FilePage};
use api::python::{MAX_BYTES_HEADER, MAX_FILES_HEADER};
use api::{SessionKey, WorkspacePath};
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, HeaderName, Method, header};
use spin_sdk::wasip3::http_compat::IncomingResponseBody;

use super::InForce;
use crate::clock::{new_execution_id, now_ms};
use crate::cursor::PageRequest;
use crate::error::Refusal;
use crate::extract::{FileParam, PageParam, SessionParam};
use crate::history::{History, HistoryError, note};
use crate::log;
use crate::python::{PythonService, PythonServiceError};
use crate::settings::Settings;
use crate::tenant::Tenant;

/// What the python service must know of a request.
const PASSED_IN: [HeaderName; 8] = [
    header::RANGE,
    header::IF_RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
];

/// What a caller must know of its answer. A file is a stranger's work: the headers that keep a browser from
/// running it are among them.
const PASSED_OUT: [HeaderName; 13] = [
    header::ACCEPT_RANGES,
    header::ALLOW,
    header::CACHE_CONTROL,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LENGTH,
    header::CONTENT_RANGE,
    header::CONTENT_SECURITY_POLICY,
    header::CONTENT_TYPE,
    header::ETAG,
    header::LAST_MODIFIED,
    header::RETRY_AFTER,
    header::VARY,
    header::X_CONTENT_TYPE_OPTIONS,
];

pub(super) async fn list(
    Extension(settings): InForce,
    SessionParam(id): SessionParam,
    PageParam(page): PageParam,
) -> Result<Json<FilePage>, Refusal> {
    page_of(&settings, &id, &page).await.map(Json)
}

/// The service lists all files at once, ordered by path; pages are cut here.
pub async fn page_of(
    settings: &Settings,
    id: &SessionKey,
    page: &PageRequest,
) -> Result<FilePage, Refusal> {
    let list = all(settings, id).await?;
    let total_files = list.files.len() as u64;
    let after = page.after.as_deref();
    let rest = list
        .files
        .into_iter()
        .filter(|file| after.is_none_or(|after| file.path.as_str() > after));
    let fetched: Vec<FileEntry> = rest.take(page.fetch()).collect();
    let cut = page.page(fetched, |file| file.path.clone());
    Ok(FilePage {
        files: cut.items,
        next_cursor: cut.next_cursor,
        total_files,
        total_bytes: list.total_bytes,
    })
}

/// All files of a session that is known or has any.
pub(super) async fn all(
    settings: &Settings,
    id: &SessionKey,
) -> Result<FileList, PythonServiceError> {
    match PythonService::new(&settings.python_url).files(id).await {
        // A session whose programs never ran has no folder, and no files.
        Err(PythonServiceError::Refused { body, .. })
            if body.code == ErrorCode::NotFound && is_known(id).await =>
        {
            Ok(FileList::default())
        }
        list => list,
    }
}

pub(super) async fn read(
    Extension(settings): InForce,
    FileParam(id, path): FileParam,
    request: Request,
) -> Result<Response, Refusal> {
    let service = PythonService::new(&settings.python_url);
    let (parts, _) = request.into_parts();
    let pass = |request| passed_in(request, &parts.headers);
    Ok(passed_out(
        service
            .file(parts.method, &id, &path, Body::empty(), pass)
            .await?,
    ))
}

pub(super) async fn write(
    Extension(settings): InForce,
    FileParam(id, path): FileParam,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let response = put(&settings, &id, &path, &parts.headers, body).await?;
    Ok(passed_out(response))
}

/// Writes a file; its session is known from then on.
pub(super) async fn put(
    settings: &Settings,
    id: &SessionKey,
    path: &WorkspacePath,
    headers: &HeaderMap,
    body: Body,
) -> Result<http::Response<IncomingResponseBody>, PythonServiceError> {
    let service = PythonService::new(&settings.python_url);
    let pass = |request| {
        passed_in(request, headers)
            .header(MAX_BYTES_HEADER, settings.workspace_max_bytes)
            .header(MAX_FILES_HEADER, settings.workspace_max_files)
    };
    let response = service.file(Method::PUT, id, path, body, pass).await?;
    if response.status().is_success() {
        note(note_session(id).await);
        note(note_size(&service, id).await);
    }
    Ok(response)
}

pub(super) async fn delete(
    Extension(settings): InForce,
    FileParam(id, path): FileParam,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let response = remove(&settings, &id, &path, &headers).await?;
    Ok(passed_out(response))
}

/// Deletes a file.
pub(super) async fn remove(
    settings: &Settings,
    id: &SessionKey,
    path: &WorkspacePath,
    headers: &HeaderMap,
) -> Result<http::Response<IncomingResponseBody>, PythonServiceError> {
    let service = PythonService::new(&settings.python_url);
    let pass = |request| passed_in(request, headers);
    let response = service
        .file(Method::DELETE, id, path, Body::empty(), pass)
        .await?;
    if response.status().is_success() {
        note(note_size(&service, id).await);
    }
    Ok(response)
}

async fn is_known(id: &SessionKey) -> bool {
    let known = async { History::open(&Tenant::of(id)).await?.session(id).await };
    match known.await {
        Ok(session) => session.is_some(),
        Err(error) => {
            log::warn(error);
            false
        }
    }
}

/// The file is there, and the session should be found; if it can't be noted, the next execution will do it.
pub(super) async fn note_session(id: &SessionKey) -> Result<(), HistoryError> {
    let history = History::open(&Tenant::of(id)).await?;
    history
        .note_session(id, &new_execution_id(), now_ms())
        .await
}

/// How large the workspace is now. A service that does not say so now says it after the next execution.
async fn note_size(service: &PythonService<'_>, id: &SessionKey) -> Result<(), HistoryError> {
    let Ok(list) = service.files(id).await else {
        return Ok(());
    };
    let history = History::open(&Tenant::of(id)).await?;
    history
        .note_workspace(id, list.total_bytes, list.files.len() as u64)
        .await
}

fn passed_in(mut request: http::request::Builder, headers: &HeaderMap) -> http::request::Builder {
    for name in &PASSED_IN {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    request
}

pub(super) fn passed_out(response: http::Response<IncomingResponseBody>) -> Response {
    let (parts, body) = response.into_parts();
    let mut passed = Response::new(Body::new(body));
    *passed.status_mut() = parts.status;
    for name in &PASSED_OUT {
        if let Some(value) = parts.headers.get(name) {
            passed.headers_mut().insert(name, value.clone());
        }
    }
    passed
}
