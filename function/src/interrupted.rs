//! A history without executions that only seem to run.

use crate::clock::now_ms;
use crate::history::{History, HistoryError};
use crate::python::PythonService;
use crate::settings::Settings;
use crate::tenant::Tenant;

/// Opens the history for a tenant to read. What is recorded as running and can't be is marked first; the python service
/// is asked since when it runs, and if it can't be, leases alone decide.
pub async fn open_history(settings: &Settings, tenant: &Tenant) -> Result<History, HistoryError> {
    let history = History::open(tenant).await?;
    if history.any_running().await? {
        let health = PythonService::new(&settings.python_url).health().await;
        let python_started_at = health.ok().map(|health| health.started_at.as_millisecond());
        history
            .mark_interrupted(now_ms(), python_started_at)
            .await?;
    }
    Ok(history)
}
