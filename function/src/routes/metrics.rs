//! `GET /metrics`: numbers for Prometheus, of everybody's executions and of the python service.

use std::pin::pin;
use std::time::Duration;

use api::error::ErrorCode;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use futures::future::{Either, select};
use http::header;
use spin_sdk::time::sleep;

use super::InForce;
use crate::error::Refusal;
use crate::interrupted::open_history;
use crate::metrics::{MEDIA_TYPE, add_python, render};
use crate::python::PythonService;
use crate::tenant::Tenant;

/// Whoever asks for metrics waits 10 s as a rule, and should have the rest of them by then.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn show(
    Extension(settings): InForce,
    tenant: Tenant,
) -> Result<Response, Refusal> {
    if tenant.name().is_some() {
        return Err(Refusal::new(
            ErrorCode::Forbidden,
            "the metrics count what all tenants do, and are the operator's alone",
        )
        .hint("ask with the token in `api_token`, which has no name"));
    }
    let history = open_history(&settings, &tenant).await?;
    let mut text = render(&history.tallies().await?, &history.open_ones().await?);
    let service = PythonService::new(&settings.python_url);
    let part = match select(pin!(service.metrics()), pin!(sleep(PATIENCE))).await {
        Either::Left((part, _)) => part.ok(),
        Either::Right(_) => None,
    };
    add_python(&mut text, part.as_deref());
    let headers = [
        (header::CONTENT_TYPE, MEDIA_TYPE),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}
