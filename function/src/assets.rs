//! The dashboard's files as `cargo xtask build` leaves them: `index.html`, and assets whose names change with their
//! content. Beside each may be a compressed one, made when it was built.

mod encoding;

use std::fs;
use std::io::{Error, ErrorKind};

use http::HeaderMap;

use crate::log;

pub use encoding::Encoding;

/// Where spin.toml mounts them.
const FOLDER: &str = "/dashboard";
/// The page, which is no asset: its name is always the same.
pub const PAGE: &str = "index.html";
/// Kinds of assets, by the extension of their names.
const TYPES: [(&str, &str); 7] = [
    ("css", "text/css; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("js", "text/javascript; charset=utf-8"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    // A browser compiles it while it arrives, if it says that it is this.
    ("wasm", "application/wasm"),
    ("woff2", "font/woff2"),
];

/// The media type of an asset; nothing where the name is none of an asset, as if it led out of the folder.
pub fn content_type(name: &str) -> Option<&'static str> {
    let (stem, extension) = name.rsplit_once('.')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if stem.is_empty() || stem.starts_with('.') || !stem.bytes().all(plain) {
        return None;
    }
    TYPES
        .iter()
        .find_map(|(known, media_type)| (*known == extension).then_some(*media_type))
}

/// A file in the best encoding that there is of those that the client takes; nothing where there is no such file.
pub fn read(name: &str, headers: &HeaderMap) -> Option<(Encoding, Vec<u8>)> {
    // What a client does not want is better than nothing.
    let wanted = Encoding::accepted(headers)
        .into_iter()
        .chain([Encoding::Identity]);
    wanted
        .into_iter()
        .find_map(|encoding| Some((encoding, read_file(name, encoding)?)))
}

fn read_file(name: &str, encoding: Encoding) -> Option<Vec<u8>> {
    let path = format!("{FOLDER}/{name}{}", encoding.suffix());
    let complain = |error: &Error| {
        // The folder may be missing from the manifest, or not have been built.
        if error.kind() != ErrorKind::NotFound {
            log::warn(format!("{path} can't be read: {error}"));
        }
    };
    fs::read(&path).inspect_err(complain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_assets_have_a_type() {
        assert_eq!(
            content_type("dashboard-0123456789abcdef.wasm"),
            Some("application/wasm")
        );
        for name in [
            PAGE, "a.js.br", "a.js.gz", "js", ".js", "..js", "../a.js", "a/b.js", "a\\b.js",
            "a%2fb.js", "a\0.js", "",
        ] {
            assert_eq!(content_type(name), None, "{name}");
        }
    }
}
