//! A session's files over HTTP.
//!
//! What a program left is never trusted: it is served with a type judged by its name alone, never
//! sniffed, never run, and only what a browser shows harmlessly is shown at all.

use std::io;

use api::error::{ErrorBody, ErrorCode};
use api::files::{FileEntry, FileInfo, FileList};
use api::python::{Limit, LimitHit, MAX_BYTES_HEADER, MAX_FILES_HEADER};
use api::{SessionId, WorkspacePath};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, MetadataExt as _};
use futures::TryStreamExt as _;
use headers::{ContentRange, ETag, HeaderMapExt as _, IfNoneMatch, IfRange};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio_util::io::ReaderStream;

use super::error::Refusal;
use super::{Service, no_such_session, tmp_folder};
use crate::python::workspace::{Usage, Workspace, content_type, info};

/// Types that a browser may show by itself; everything else is a download.
const SHOWN: [&str; 9] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "text/plain; charset=utf-8",
    "text/csv; charset=utf-8",
    "text/markdown; charset=utf-8",
    "application/json",
    "application/pdf",
];

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

/// `GET` and `HEAD` of a file: whole, or the one range that was asked for.
pub(super) async fn download(
    State(service): State<Service>,
    UrlPath((session, path)): UrlPath<(String, String)>,
    request: HeaderMap,
) -> Result<Response, Refusal> {
    let path = WorkspacePath::parse(&path)?;
    let workspace = open(&service, &session)?;
    let file = workspace
        .dir()
        .open(path.as_str())
        .map_err(|e| access(&path, &e))?;
    let metadata = file.metadata().map_err(|e| access(&path, &e))?;
    if !metadata.is_file() {
        return Err(Refusal::new(
            ErrorCode::BadRequest,
            format!("`{path}` is not a file"),
        ));
    }
    let etag = etag(&metadata);
    let length = metadata.len();
    let mut response = HeaderMap::new();
    describe(&mut response, &path, &metadata);
    response.typed_insert(etag.clone());

    if request
        .typed_get::<IfNoneMatch>()
        .is_some_and(|condition| !condition.precondition_passes(&etag))
    {
        return Ok((StatusCode::NOT_MODIFIED, response).into_response());
    }
    let whole = request
        .typed_get::<IfRange>()
        .is_some_and(|condition| condition.is_modified(Some(&etag), None));
    let range = request
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok())
        .filter(|_| !whole);
    let (status, start, end) = match range.map_or(Asked::Whole, |range| asked(range, length)) {
        Asked::Whole => (StatusCode::OK, 0, length),
        Asked::Nothing => {
            let body = ErrorBody::new(
                ErrorCode::RangeNotSatisfiable,
                format!("`{path}` has {length} bytes"),
            );
            let mut refused = Refusal::from(body).into_response();
            refused
                .headers_mut()
                .typed_insert(ContentRange::unsatisfied_bytes(length));
            return Ok(refused);
        }
        Asked::Part(start, end) => {
            let range =
                ContentRange::bytes(start..end, length).expect("a satisfiable range is in order");
            response.typed_insert(range);
            (StatusCode::PARTIAL_CONTENT, start, end)
        }
    };
    response.typed_insert(headers::ContentLength(end - start));
    let mut file = tokio::fs::File::from_std(file.into_std());
    file.seek(io::SeekFrom::Start(start))
        .await
        .map_err(|e| Refusal::internal("reading a file", &e))?;
    let body = Body::from_stream(ReaderStream::with_capacity(
        file.take(end - start),
        64 << 10,
    ));
    Ok((status, response, body).into_response())
}

/// `PUT`: the file appears whole, or not at all.
pub(super) async fn upload(
    State(service): State<Service>,
    UrlPath((session, path)): UrlPath<(String, String)>,
    request: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<FileEntry>), Refusal> {
    const PARTIAL: &str = "upload";
    let session = SessionId::parse(&session)?;
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

fn open(service: &Service, session: &str) -> Result<Workspace, Refusal> {
    let session = SessionId::parse(session)?;
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
fn access(path: &WorkspacePath, error: &io::Error) -> Refusal {
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

/// What of a `Range` header can be served.
#[derive(Debug, PartialEq)]
enum Asked {
    Part(u64, u64),
    Whole,
    Nothing,
}

/// RFC 9110, section 14.1: one range of bytes is served; a header with several, of another unit, or that
/// makes no sense is ignored, as a server may.
fn asked(header: &str, length: u64) -> Asked {
    let Some((first, last)) = header
        .strip_prefix("bytes=")
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Asked::Whole;
    };
    let (start, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(start), Ok(last)) if start <= last => (start, last.saturating_add(1).min(length)),
        (Ok(start), Err(_)) if last.is_empty() => (start, length),
        (Err(_), Ok(suffix)) if first.is_empty() => (length.saturating_sub(suffix), length),
        _ => return Asked::Whole,
    };
    if start < end {
        Asked::Part(start, end)
    } else {
        Asked::Nothing
    }
}

fn etag(metadata: &Metadata) -> ETag {
    let tag = format!(
        "\"{:x}-{:x}-{:x}\"",
        metadata.ino(),
        metadata.len(),
        metadata.mtime() as i128 * 1_000_000_000 + i128::from(metadata.mtime_nsec())
    );
    tag.parse().expect("hexadecimal digits make an entity tag")
}

/// What goes with every file, so that no browser takes it for more than data.
fn describe(response: &mut HeaderMap, path: &WorkspacePath, metadata: &Metadata) {
    let media_type = content_type(path.as_str());
    let shown = SHOWN.contains(&media_type.as_str());
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &media_type);
    set(
        header::CONTENT_DISPOSITION,
        &disposition(
            if shown { "inline" } else { "attachment" },
            path.file_name(),
        ),
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(
        header::CONTENT_SECURITY_POLICY,
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    );
    set(header::ACCEPT_RANGES, "bytes");
    set(header::CACHE_CONTROL, "no-cache");
    if let Ok(modified) = metadata.modified() {
        response.typed_insert(headers::LastModified::from(modified.into_std()));
    }
}

/// RFC 6266: a plain name for old clients, the true one in RFC 8187's encoding.
fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|b| match b {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'_' | b'-' | b'~' => {
                char::from(b).to_string()
            }
            b => format!("%{b:02X}"),
        })
        .collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_served_and_nonsense_is_ignored() {
        assert_eq!(asked("bytes=2-4", 10), Asked::Part(2, 5));
        assert_eq!(asked("bytes=2-", 10), Asked::Part(2, 10));
        assert_eq!(asked("bytes=2-99", 10), Asked::Part(2, 10));
        assert_eq!(asked("bytes=-3", 10), Asked::Part(7, 10));
        assert_eq!(asked("bytes=-99", 10), Asked::Part(0, 10));
        for nothing in ["bytes=10-", "bytes=99-100", "bytes=-0"] {
            assert_eq!(asked(nothing, 10), Asked::Nothing, "{nothing}");
        }
        for nonsense in [
            "bytes=5-2",
            "bytes=a-b",
            "bytes=-",
            "lines=1-2",
            "bytes=0-1,3-4",
        ] {
            assert_eq!(asked(nonsense, 10), Asked::Whole, "{nonsense}");
        }
    }

    #[test]
    fn a_file_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("attachment", "a\"; x=\r\né.html"),
            "attachment; filename=\"a_;_x=___.html\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%C3%A9.html"
        );
    }
}
