//! How many tool calls a tenant has made lately, and how many are under way. One that was killed counts no longer than
//! its lease lasts.

use api::ExecutionId;
use spin_sdk::sqlite::Value;

use super::owner::owner_in;
use super::row::Row;
use super::{History, HistoryError};

const MINUTE_MS: i64 = 60_000;

/// That fewer are under way of an owner `?{first}` at the time `?{first + 1}` than `?{first + 2}`: to be a part of the
/// statement that begins another. Few run of anybody's, so those are looked at, whosever they are: the `+` says so.
pub(super) fn room(first: usize) -> String {
    let (owner, now, most) = (first, first + 1, first + 2);
    format!(
        "(SELECT count(*) FROM executions r WHERE r.status = 'running' AND +{} = ?{owner} \
         AND r.lease_until >= ?{now}) < ?{most}",
        owner_in("r")
    )
}

impl History {
    /// What [`room`] compares with.
    pub(super) fn room(&self, now: i64, most: u32) -> [Value; 3] {
        [
            self.owner(),
            Value::Integer(now),
            Value::Integer(most.into()),
        ]
    }

    /// Whether fewer are under way than `most`.
    pub async fn has_room(&self, now: i64, most: u32) -> Result<bool, HistoryError> {
        let statement = format!("SELECT 1 WHERE {}", room(1));
        let rows = self.query("count what runs", &statement, self.room(now, most));
        Ok(!rows.await?.is_empty())
    }

    /// Counts a call, unless there were as many as `most` in the last minute; says whether it was counted.
    pub async fn count_call(
        &self,
        execution_id: &ExecutionId,
        now: i64,
        most: u32,
    ) -> Result<bool, HistoryError> {
        let parameters = [
            self.owner(),
            Value::Integer(now),
            Value::text(execution_id.as_str()),
            Value::Integer(now - MINUTE_MS),
            Value::Integer(most.into()),
        ];
        let statement = "INSERT OR REPLACE INTO calls (owner, called_at, execution_id) SELECT ?1, ?2, ?3 \
                         WHERE (SELECT count(*) FROM calls WHERE owner = ?1 AND called_at > ?4) < ?5 RETURNING 1";
        let rows = self.query("count call", statement, parameters).await?;
        Ok(!rows.is_empty())
    }

    /// Counts a call no longer.
    pub async fn forget_call(
        &self,
        execution_id: &ExecutionId,
        now: i64,
    ) -> Result<(), HistoryError> {
        let statement =
            "DELETE FROM calls WHERE owner = ?1 AND called_at = ?2 AND execution_id = ?3";
        let parameters = [
            self.owner(),
            Value::Integer(now),
            Value::text(execution_id.as_str()),
        ];
        self.query("forget call", statement, parameters).await?;
        Ok(())
    }

    /// In how many milliseconds fewer than `most` were made in the last minute.
    pub async fn ms_until_fewer(&self, now: i64, most: u32) -> Result<i64, HistoryError> {
        let statement = "SELECT called_at FROM calls WHERE owner = ?1 AND called_at > ?2 \
                         ORDER BY called_at DESC LIMIT 1 OFFSET ?3";
        let parameters = [
            self.owner(),
            Value::Integer(now - MINUTE_MS),
            Value::Integer(i64::from(most) - 1),
        ];
        let rows = self.query("find oldest call", statement, parameters);
        let oldest = rows.await?.first().map(|row| Row(row).get::<i64>(0));
        Ok(oldest.transpose()?.map_or(0, |at| at + MINUTE_MS - now))
    }
}
