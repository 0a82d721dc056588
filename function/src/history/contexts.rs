//! Contexts: further names for a session, which E2B's clients ask for and run code under.

use api::SessionKey;
use spin_sdk::sqlite::Value;

use super::row::Row;
use super::{History, HistoryError};

impl History {
    /// Keeps a context's name, unless its session is gone.
    pub async fn add_context(
        &self,
        session_id: &SessionKey,
        context_id: &str,
    ) -> Result<(), HistoryError> {
        self.query(
            "add context",
            "INSERT INTO contexts (context_id, session_id) \
             SELECT ?1, session_id FROM sessions WHERE session_id = ?2",
            [Value::text(context_id), Value::text(session_id.as_str())],
        )
        .await?;
        Ok(())
    }

    /// The contexts of a session, ordered by name.
    pub async fn contexts(&self, session_id: &SessionKey) -> Result<Vec<String>, HistoryError> {
        let statement = "SELECT context_id FROM contexts WHERE session_id = ?1 ORDER BY context_id";
        let parameters = [Value::text(session_id.as_str())];
        let rows = self.query("list contexts", statement, parameters).await?;
        rows.iter().map(|row| Row(row).text(0)).collect()
    }

    /// Forgets a context's name; says whether there was one.
    pub async fn remove_context(
        &self,
        session_id: &SessionKey,
        context_id: &str,
    ) -> Result<bool, HistoryError> {
        let rows = self
            .query(
                "remove context",
                "DELETE FROM contexts WHERE context_id = ?1 AND session_id = ?2 RETURNING 1",
                [Value::text(context_id), Value::text(session_id.as_str())],
            )
            .await?;
        Ok(!rows.is_empty())
    }
}
