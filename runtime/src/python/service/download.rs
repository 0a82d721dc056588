//! `GET` and `HEAD /v1/sessions/{id}/files/{path}`.

use std::io;

use api::WorkspacePath;
use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use cap_std::fs::{Metadata, MetadataExt as _};
use service::download::{Download, File, Unsatisfiable};
use service::request::not_a_file;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::Service;
use super::error::Refusal;
use super::files::{access, open};

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
        return Err(not_a_file(&path).into());
    }
    let known = File {
        path: &path,
        length: metadata.len(),
        tag: tag(&metadata),
        modified: metadata.modified().ok().map(|time| time.into_std()),
    };
    let Download {
        status,
        headers,
        part,
    } = match service::download::download(&known, &request) {
        Ok(download) => download,
        Err(Unsatisfiable {
            body,
            content_range,
        }) => {
            let mut refused = Refusal::from(body).into_response();
            let headers = refused.headers_mut();
            headers.insert(header::CONTENT_RANGE, content_range);
            return Ok(refused);
        }
    };
    let Some(part) = part else {
        return Ok((status, headers).into_response());
    };
    let mut file = tokio::fs::File::from_std(file.into_std());
    file.seek(io::SeekFrom::Start(part.start))
        .await
        .map_err(|e| Refusal::internal("reading a file", &e))?;
    let body = Body::from_stream(ReaderStream::with_capacity(
        file.take(part.end - part.start),
        64 << 10,
    ));
    Ok((status, headers, body).into_response())
}

fn tag(metadata: &Metadata) -> String {
    format!(
        "{:x}-{:x}-{:x}",
        metadata.ino(),
        metadata.len(),
        metadata.mtime() as i128 * 1_000_000_000 + i128::from(metadata.mtime_nsec())
    )
}
