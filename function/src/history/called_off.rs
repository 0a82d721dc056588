//! Requests that their client called off in a message of its own, which may come to another instance.

use api::SessionKey;
use spin_sdk::sqlite::Value;

use super::{History, HistoryError};

impl History {
    /// Records that nobody waits for a request any more.
    pub async fn call_off(
        &self,
        session_id: &SessionKey,
        request_id: &str,
        now: i64,
    ) -> Result<(), HistoryError> {
        let statement =
            "INSERT OR REPLACE INTO called_off (session_id, request_id, at) VALUES (?1, ?2, ?3)";
        let parameters = [
            Value::text(session_id.as_str()),
            Value::text(request_id),
            Value::Integer(now),
        ];
        self.query("call off", statement, parameters).await?;
        Ok(())
    }

    /// Whether a request that began at `since` has been called off. One that was called off before has only the same
    /// id: its client counts from the beginning again.
    pub async fn is_called_off(
        &self,
        session_id: &SessionKey,
        request_id: &str,
        since: i64,
    ) -> Result<bool, HistoryError> {
        let statement =
            "SELECT 1 FROM called_off WHERE session_id = ?1 AND request_id = ?2 AND at >= ?3";
        let parameters = [
            Value::text(session_id.as_str()),
            Value::text(request_id),
            Value::Integer(since),
        ];
        let rows = self.query("find called off", statement, parameters).await?;
        Ok(!rows.is_empty())
    }
}
