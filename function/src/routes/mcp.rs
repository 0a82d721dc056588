//! `POST /mcp`: the Model Context Protocol. There is no stream to `GET` (the server never begins a talk), and nothing to
//! `DELETE`: a session is kept until `DELETE /api/sessions/{id}`.

use axum::Extension;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;

use super::InForce;
use super::tool::whole;
use crate::mcp;
use crate::tenant::Tenant;

pub(super) async fn answer(
    Extension(settings): InForce,
    tenant: Tenant,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if let Err(refusal) = mcp::origin::admit(&headers, &settings.cors_origins) {
        return refusal.into_response();
    }
    match whole(body).await {
        Ok(body) => mcp::answer(settings, tenant, &headers, &body).await,
        Err(refusal) => refusal.into_response(),
    }
}
