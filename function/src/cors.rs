//! What a browser lets pages from elsewhere do (CORS): nothing, unless `cors_origins` names where they come from.
//!
//! What they may see is the token's affair alone. A preflight carries none, so it is answered before any is asked for.

use std::time::Duration;

use axum::Router;
use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::request;
use crate::settings::ANY_ORIGIN;

/// How long a browser may remember the answer to a preflight: as long as some remember one at most.
const MAX_AGE: Duration = Duration::from_secs(600);

const METHODS: [Method; 5] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
];

/// What a page may read of an answer, beside what every page may.
const EXPOSED: [HeaderName; 8] = [
    header::ACCEPT_RANGES,
    header::CONTENT_DISPOSITION,
    header::CONTENT_RANGE,
    header::ETAG,
    header::RETRY_AFTER,
    header::WWW_AUTHENTICATE,
    HeaderName::from_static("mcp-session-id"),
    request::HEADER,
];

/// Puts it before all routes, where there is anything to put.
pub fn over(router: Router, origins: &[String]) -> Router {
    if origins.is_empty() {
        return router;
    }
    let allowed = if origins == [ANY_ORIGIN] {
        AllowOrigin::any()
    } else {
        let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
        AllowOrigin::list(origins.flatten())
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods(METHODS)
        // Whatever it asks for: a header does nothing that a client without a browser could not do.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED)
        .max_age(MAX_AGE);
    router.layer(layer)
}
