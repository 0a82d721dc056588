//! `/openapi.json` and `/docs`: the whole API, for programs and for people. Neither needs a token, and neither says
//! anything of this server in particular.

use std::sync::OnceLock;

use axum::response::{Html, IntoResponse};
use http::header;

use crate::docs;

/// Made from the types by a test: see `document`.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// A page without scripts, and with nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub(super) async fn json() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        // A specification is read by tools on other pages, too.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, DOCUMENT)
}

pub(super) async fn page() -> impl IntoResponse {
    static PAGE: OnceLock<String> = OnceLock::new();
    let page = PAGE.get_or_init(|| docs::page(DOCUMENT));
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(page.as_str()))
}
