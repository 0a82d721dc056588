//! `GET /api/health`: whether tool calls can work.
//!
//! Needs no token, for those who ask have none: a load balancer, and `vivarium serve` at its start, which
//! refuses to go on where the status is `misconfigured`. Tells nothing but that.
//!
//! - `ok`
//! - `misconfigured`: the settings are invalid, and every call will be refused until they are changed
//! - `python_unavailable`: the python service does not answer, or not as one

use api::config::Health;
use api::error::ErrorBody;
use axum::Json;
use http::StatusCode;

use crate::app;
use crate::error::Refusal;
use crate::python::PythonService;

pub(super) async fn show() -> (StatusCode, Json<Health>) {
    let (status, problems) = check().await;
    let code = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let version = env!("CARGO_PKG_VERSION").to_owned();
    (
        code,
        Json(Health {
            status: status.to_owned(),
            problems,
            version,
        }),
    )
}

async fn check() -> (&'static str, Vec<String>) {
    let settings = match app::settings().await {
        Ok(settings) => settings,
        Err(problems) => {
            return (
                "misconfigured",
                problems.iter().map(ToString::to_string).collect(),
            );
        }
    };
    match PythonService::new(&settings.python_url).health().await {
        Ok(_) => ("ok", Vec::new()),
        Err(error) => {
            let ErrorBody { error, hint, .. } = Refusal::from(error).body;
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            ("python_unavailable", vec![format!("{error}{hint}")])
        }
    }
}
