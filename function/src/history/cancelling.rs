//! Cancelling an execution from elsewhere: asked for here, and done by the instance that works on it.

use api::ExecutionId;
use spin_sdk::sqlite::Value;

use super::{History, HistoryError};

/// What an execution says of itself that was cancelled because somebody asked for that.
pub const ON_REQUEST: &str = "cancelled on request";

impl History {
    /// Asks for the end of an execution that runs. One that waits for a person has nobody who works on it, and is
    /// cancelled at once: then it says so.
    pub async fn ask_to_cancel(
        &self,
        execution_id: &ExecutionId,
        now: i64,
    ) -> Result<bool, HistoryError> {
        let waited = self.query(
            "cancel what waits",
            "UPDATE executions SET status = 'cancelled', error = ?2, finished_at = ?3, \
             execution_time = (?3 - started_at) / 1000.0 WHERE execution_id = ?1 AND status = 'awaiting_approval' RETURNING 1",
            [
                Value::text(execution_id.as_str()),
                Value::text(ON_REQUEST),
                Value::Integer(now),
            ],
        )
        .await?;
        self.query(
            "ask to cancel",
            "INSERT INTO cancelling (execution_id) SELECT execution_id FROM executions \
             WHERE execution_id = ?1 AND status = 'running' ON CONFLICT DO NOTHING",
            [Value::text(execution_id.as_str())],
        )
        .await?;
        Ok(!waited.is_empty())
    }

    /// Whether somebody asked for the end of this execution.
    pub async fn is_to_cancel(&self, execution_id: &ExecutionId) -> Result<bool, HistoryError> {
        let statement = "SELECT 1 FROM cancelling WHERE execution_id = ?1";
        let parameters = [Value::text(execution_id.as_str())];
        let rows = self
            .query("look for cancelling", statement, parameters)
            .await?;
        Ok(!rows.is_empty())
    }
}
