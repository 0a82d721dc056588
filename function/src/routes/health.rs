//! `GET /api/health`: whether tool calls can work. Needs no token, and tells nothing but that.

use api::config::Health;
use api::error::ErrorBody;
use axum::Json;
use http::StatusCode;

use crate::app;
use crate::error::Refusal;
use crate::executor::get_python_executor;
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
    if let Some(unavailable) = get_python_executor(&settings).err() {
        return ("misconfigured", vec![unavailable.to_string()]);
    }
    match PythonService::new(&settings.python_url).health().await {
        Ok(_) => ("ok", Vec::new()),
        Err(error) => {
            let ErrorBody { error, hint, .. } = Refusal::from(error).body;
            let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
            ("python_unavailable", vec![format!("{error}{hint}")])
        }
    }
}
