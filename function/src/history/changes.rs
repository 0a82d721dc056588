//! What changed since somebody last asked. Each change has a number, and what was seen is told by the last one.

use api::history::ExecutionSummary;
use api::live::Changes;
use spin_sdk::sqlite::Value;

use super::owner::owner_in;
use super::read::{SUMMARY, summary};
use super::row::{Row, json};
use super::{History, HistoryError};

/// More than this is not told one by one: whoever shows a list reads it anew in less.
const MAX_TOLD: usize = 200;

impl History {
    /// The number of the last change of what is this tenant's; 0 where there was none. Only those of others that came
    /// after it are looked at: an index would cost each call more than it saves those who watch.
    pub async fn last_change(&self) -> Result<i64, HistoryError> {
        let statement = format!(
            "SELECT change FROM changes c WHERE {} = ?1 ORDER BY change DESC LIMIT 1",
            owner_in("c")
        );
        let rows = self.query("find last change", &statement, [self.owner()]);
        let rows = rows.await?;
        rows.first().map_or(Ok(0), |row| Row(row).get(0))
    }

    /// What changed after one change and up to another; nothing is known to whoever has seen none.
    pub async fn changes(&self, seen: Option<i64>, last: i64) -> Result<Changes, HistoryError> {
        let mut changes = Changes {
            cursor: last.to_string(),
            ..Changes::default()
        };
        let Some(seen) = seen.filter(|seen| *seen != last) else {
            return Ok(changes);
        };
        // Of another database, or forgotten in this one.
        if seen > last || seen + 1 < self.first_change().await? {
            changes.reset = true;
            return Ok(changes);
        }
        let (executions, sessions) = self.changed(seen, last).await?;
        if executions.len() + sessions.len() > MAX_TOLD {
            changes.reset = true;
            return Ok(changes);
        }
        changes.executions = self.summaries(&executions).await?;
        changes.sessions = sessions;
        Ok(changes)
    }

    /// The number of the oldest change that is not forgotten, whosever it is.
    async fn first_change(&self) -> Result<i64, HistoryError> {
        let statement = "SELECT coalesce(min(change), 0) FROM changes";
        let rows = self.query("find first change", statement, []).await?;
        rows.first().map_or(Ok(0), |row| Row(row).get(0))
    }

    /// Executions, and sessions that changed without one; no more than it takes to see that they are too many.
    async fn changed(
        &self,
        seen: i64,
        last: i64,
    ) -> Result<(Vec<String>, Vec<String>), HistoryError> {
        let (mut executions, mut sessions) = (Vec::new(), Vec::new());
        let statement = format!(
            "SELECT DISTINCT execution_id, session_id FROM changes c \
             WHERE change > ?1 AND change <= ?2 AND {} = ?4 LIMIT ?3",
            owner_in("c")
        );
        let parameters = [
            Value::Integer(seen),
            Value::Integer(last),
            Value::Integer(MAX_TOLD as i64 + 1),
            self.owner(),
        ];
        for row in &self.query("list changes", &statement, parameters).await? {
            match Row(row).optional_text(0)? {
                Some(execution) => executions.push(execution),
                None => sessions.push(Row(row).session_id(1)?),
            }
        }
        Ok((executions, sessions))
    }

    /// Those of these executions that there are, newest first.
    async fn summaries(&self, ids: &[String]) -> Result<Vec<ExecutionSummary>, HistoryError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let statement = format!(
            "SELECT {SUMMARY} FROM executions e WHERE execution_id IN (SELECT value FROM json_each(?1)) \
             ORDER BY execution_id DESC"
        );
        let rows = self
            .query("read what changed", &statement, [json(&ids)])
            .await?;
        rows.iter().map(summary).collect()
    }
}
