//! A file over HTTP: whole, or the one range that was asked for.
//!
//! What a program left is never trusted: it is served with a type judged by its name alone, never
//! sniffed, never run, and only what a browser shows harmlessly is shown at all.

use std::ops::Range;
use std::time::SystemTime;

use api::WorkspacePath;
use api::error::{ErrorBody, ErrorCode};
use headers::{ContentRange, ETag, HeaderMapExt as _, IfNoneMatch, IfRange};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

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

/// A file that was asked for.
#[derive(Debug)]
pub struct File<'a> {
    /// Where it is.
    pub path: &'a WorkspacePath,
    /// Bytes.
    pub length: u64,
    /// Its content in a word, without quotes.
    pub tag: String,
    /// When it was written, if that is known.
    pub modified: Option<SystemTime>,
}

/// What to answer.
#[derive(Debug)]
pub struct Download {
    /// 200, 206 or 304.
    pub status: StatusCode,
    /// All of the answer's.
    pub headers: HeaderMap,
    /// The bytes that are sent; none where the caller has the file.
    pub part: Option<Range<u64>>,
}

/// A range that lies outside the file, with the header that says so.
#[derive(Debug)]
pub struct Unsatisfiable {
    /// Why.
    pub body: ErrorBody,
    /// `Content-Range`, which goes with it.
    pub content_range: HeaderValue,
}

/// Answers a request for a file, by its headers.
pub fn download(file: &File<'_>, request: &HeaderMap) -> Result<Download, Unsatisfiable> {
    let etag: ETag = format!("\"{}\"", file.tag)
        .parse()
        .expect("letters, digits and dashes make an entity tag");
    let mut headers = HeaderMap::new();
    describe(&mut headers, file);
    headers.typed_insert(etag.clone());

    if request
        .typed_get::<IfNoneMatch>()
        .is_some_and(|condition| !condition.precondition_passes(&etag))
    {
        return Ok(Download {
            status: StatusCode::NOT_MODIFIED,
            headers,
            part: None,
        });
    }
    let whole = request
        .typed_get::<IfRange>()
        .is_some_and(|condition| condition.is_modified(Some(&etag), None));
    let range = request
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok())
        .filter(|_| !whole);
    let (status, part) = match range.map_or(Asked::Whole, |range| asked(range, file.length)) {
        Asked::Whole => (StatusCode::OK, 0..file.length),
        Asked::Nothing => {
            let content_range = HeaderValue::from_str(&format!("bytes */{}", file.length));
            let content_range = content_range.expect("digits are a header's value");
            let error = format!("`{}` has {} bytes", file.path, file.length);
            let body = ErrorBody::new(ErrorCode::RangeNotSatisfiable, error);
            return Err(Unsatisfiable {
                body,
                content_range,
            });
        }
        Asked::Part(start, end) => {
            let range = ContentRange::bytes(start..end, file.length)
                .expect("a satisfiable range is in order");
            headers.typed_insert(range);
            (StatusCode::PARTIAL_CONTENT, start..end)
        }
    };
    headers.typed_insert(headers::ContentLength(part.end - part.start));
    Ok(Download {
        status,
        headers,
        part: Some(part),
    })
}

/// A file's media type by its name; text is UTF-8, for that is what Python writes.
pub fn content_type(path: &str) -> String {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    match guess.type_() {
        mime_guess::mime::TEXT => format!("{}; charset=utf-8", guess.essence_str()),
        _ => guess.essence_str().to_owned(),
    }
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

/// What goes with every file, so that no browser takes it for more than data.
fn describe(headers: &mut HeaderMap, file: &File<'_>) {
    let media_type = content_type(file.path.as_str());
    let shown = SHOWN.contains(&media_type.as_str());
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, &media_type);
    set(
        header::CONTENT_DISPOSITION,
        &disposition(
            if shown { "inline" } else { "attachment" },
            file.path.file_name(),
        ),
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(
        header::CONTENT_SECURITY_POLICY,
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    );
    set(header::ACCEPT_RANGES, "bytes");
    set(header::CACHE_CONTROL, "no-cache");
    if let Some(modified) = file.modified {
        headers.typed_insert(headers::LastModified::from(modified));
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
