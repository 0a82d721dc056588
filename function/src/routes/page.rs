//! The dashboard's page, at its own routes and no others, and its assets.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use api::error::ErrorCode;
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};

use crate::assets::{self, Encoding, PAGE};
use crate::error::Refusal;

/// Where the page is, beside `/`: it reads its own address and shows what belongs there.
const ROUTES: [&str; 6] = [
    "/sessions",
    "/sessions/{id}",
    "/executions/{id}",
    "/playground",
    "/prompts",
    "/settings",
];
/// Before the name of an asset.
const ASSETS: &str = "/assets/";

/// What a browser may do with the page and its assets. The page shows what programs made, and no script in it runs.
/// A frame made with `srcdoc` inherits this, and pandas writes its tables with inline styles: that is why styles may
/// be inline. Nothing but a PDF of the page's own is in a frame with an address: no link in a frame leads anywhere.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
    frame-src blob:; object-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What goes with the page and every asset.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// They need no token: they hold no data.
pub(super) fn routes() -> Router {
    let routes = Router::new().route(&format!("{ASSETS}{{name}}"), get(asset));
    ROUTES
        .iter()
        .fold(routes, |routes, path| routes.route(path, get(show)))
}

async fn show(headers: HeaderMap) -> Response {
    page(&headers).unwrap_or_else(|| {
        let text =
            "The dashboard is not built. `cargo xtask build` builds it; then reload this page.\n";
        (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
    })
}

/// The page, if it was built. It names its assets, so a browser asks each time whether it is another.
pub(super) fn page(headers: &HeaderMap) -> Option<Response> {
    let (encoding, bytes) = assets::read(PAGE, headers)?;
    let etag = etag(&bytes);
    let is_known = headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        let tags = value.to_str().unwrap_or_default().split(',');
        tags.map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == etag || tag == "*")
    });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        encoded("text/html; charset=utf-8", encoding, bytes)
    };
    set(&mut response, header::ETAG, &etag);
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    Some(finished(response))
}

async fn asset(uri: Uri, headers: HeaderMap) -> Result<Response, Refusal> {
    let path = uri.path();
    // As it stands in the address: no name of an asset has anything in it that must be encoded.
    let name = path.strip_prefix(ASSETS).unwrap_or_default();
    let found = assets::content_type(name).and_then(|media_type| {
        let (encoding, bytes) = assets::read(name, &headers)?;
        Some(encoded(media_type, encoding, bytes))
    });
    let mut response = found.ok_or_else(|| {
        Refusal::new(ErrorCode::NotFound, format!("there is no {path}"))
            .hint("the dashboard may have been built anew: reload the page")
    })?;
    // Another content has another name.
    let forever = "public, max-age=31536000, immutable";
    set(&mut response, header::CACHE_CONTROL, forever);
    Ok(finished(response))
}

fn encoded(media_type: &str, encoding: Encoding, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    set(&mut response, header::CONTENT_TYPE, media_type);
    if let Some(encoding) = encoding.content_encoding() {
        set(&mut response, header::CONTENT_ENCODING, encoding);
    }
    response
}

fn finished(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        set(&mut response, name, value);
    }
    let vary = HeaderValue::from_static("accept-encoding");
    response.headers_mut().append(header::VARY, vary);
    response
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Of the bytes that are sent: encoded otherwise, it is another.
fn etag(bytes: &[u8]) -> String {
    // It has the same keys in every instance; who made a page is not in question.
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
