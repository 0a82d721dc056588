//! What is asked for, as a URL.

use reqwest::Url;
use serde_json::Value;

use super::PageOf;
use crate::filter::Filter;

/// Percent-encodes a segment. `Url` would leave tabs and line ends out, and so name another file.
pub(super) fn encode(segment: &str, path: &mut String) {
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                path.push(char::from(byte));
            }
            _ => *path += &format!("%{byte:02X}"),
        }
    }
}

pub(super) fn paged(mut url: Url, page: &PageOf) -> Url {
    if let Some(limit) = page.limit {
        url.query_pairs_mut()
            .append_pair("limit", &limit.to_string());
    }
    if let Some(cursor) = &page.cursor {
        url.query_pairs_mut().append_pair("cursor", cursor);
    }
    url
}

pub(super) fn filtered(url: Url, filter: &Filter, page: &PageOf) -> Url {
    let mut url = paged(url, page);
    // Its fields are words and times, and those that are absent are left out.
    if let Ok(Value::Object(fields)) = serde_json::to_value(filter) {
        for (name, value) in &fields {
            if let Value::String(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
    }
    url
}
