//! `GET /api/config`: the settings in force, never a secret.

use api::config::Config;
use axum::{Extension, Json};

use super::InForce;
use crate::python::PythonService;

pub(super) async fn show(Extension(settings): InForce) -> Json<Config> {
    Json(Config {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: settings.mode,
        settings: settings.shown(),
        python: PythonService::new(&settings.python_url).health().await.ok(),
    })
}
