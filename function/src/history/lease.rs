//! How a running execution is told from one that was running when the system went down: who works on it
//! renews a lease, and an execution without one has been interrupted.

use std::time::Duration;

use api::ExecutionId;
use spin_sdk::sqlite::Value;

use super::{History, HistoryError};

/// How often a lease is renewed.
pub const RENEW_EVERY: Duration = Duration::from_secs(5);
/// How long a lease lasts, in milliseconds: three renewals, so that a busy moment costs nobody his run.
const LEASE_MS: i64 = 15_000;

/// When a lease taken `now` lapses; both in milliseconds since 1970.
pub fn lease_from(now: i64) -> i64 {
    now + LEASE_MS
}

impl History {
    /// Says that an execution is still being worked on.
    pub async fn renew(&self, execution_id: &ExecutionId, now: i64) -> Result<(), HistoryError> {
        let statement = "UPDATE executions SET lease_until = ?2 WHERE execution_id = ?1";
        let parameters = [
            Value::text(execution_id.as_str()),
            Value::Integer(lease_from(now)),
        ];
        self.query("renew lease", statement, parameters).await?;
        Ok(())
    }

    /// Whether anything is recorded as running.
    pub async fn any_running(&self) -> Result<bool, HistoryError> {
        let statement = "SELECT 1 FROM executions WHERE status = 'running' LIMIT 1";
        Ok(!self.query("find running", statement, []).await?.is_empty())
    }

    /// Marks what can't be running any more: its lease has lapsed, or it began before the python service did.
    pub async fn mark_interrupted(
        &self,
        now: i64,
        python_started_at: Option<i64>,
    ) -> Result<(), HistoryError> {
        self.query(
            "mark interrupted",
            "UPDATE executions SET status = 'interrupted', error = 'the system went down while it ran' \
             WHERE status = 'running' AND (lease_until < ?1 OR coalesce( \
             (SELECT resumed_at FROM loops l WHERE l.execution_id = executions.execution_id), started_at) < ?2)",
            [Value::Integer(now), python_started_at.into()],
        )
        .await?;
        Ok(())
    }
}
