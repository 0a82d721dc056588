//! Cancelling an execution from elsewhere: asked for here, and done by the instance that works on it.

use api::ExecutionId;
use spin_sdk::sqlite::Value;

use super::owner::owner_in;
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
        let owned = format!("execution_id = ?1 AND {} = ?2", owner_in("executions"));
        let (id, owner) = (Value::text(execution_id.as_str()), self.owner());
        let statement = format!(
            "UPDATE executions SET status = 'cancelled', error = ?3, finished_at = ?4, \
             execution_time = (?4 - started_at) / 1000.0 \
             WHERE {owned} AND status = 'awaiting_approval' RETURNING 1"
        );
        let parameters = [
            id.clone(),
            owner.clone(),
            Value::text(ON_REQUEST),
            Value::Integer(now),
        ];
        let waited = self
            .query("cancel what waits", &statement, parameters)
            .await?;
        let statement = format!(
            "INSERT INTO cancelling (execution_id) SELECT execution_id FROM executions \
             WHERE {owned} AND status = 'running' ON CONFLICT DO NOTHING"
        );
        self.query("ask to cancel", &statement, [id, owner]).await?;
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
