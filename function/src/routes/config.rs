//! `GET /api/config`: the settings in force, never a secret, and who asks.

use api::config::{Config, TenantConfig};
use axum::{Extension, Json};

use super::InForce;
use crate::python::PythonService;
use crate::tenant::Tenant;

pub(super) async fn show(Extension(settings): InForce, tenant: Tenant) -> Json<TenantConfig> {
    let config = Config {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: settings.mode,
        settings: settings.shown(),
        python: PythonService::new(&settings.python_url).health().await.ok(),
    };
    let tenant = tenant.name().map(str::to_owned);
    Json(TenantConfig { config, tenant })
}
