//! `GET` and `HEAD /v1/sessions/{id}/files/{path}`.
//!
//! What a program left is never trusted: it is served with a type judged by its name alone, never
//! sniffed, never run, and only what a browser shows harmlessly is shown at all.

use std::io;

use api::WorkspacePath;
use api::error::{ErrorBody, ErrorCode};
use axum::body::Body;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cap_std::fs::{Metadata, MetadataExt as _};
use headers::{ContentRange, ETag, HeaderMapExt as _, IfNoneMatch, IfRange};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::Service;
use super::error::Refusal;
use super::files::{access, open};
use crate::python::workspace::content_type;

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
