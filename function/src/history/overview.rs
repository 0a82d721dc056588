//! How things went lately: counted by SQLite, in statements that look at no more than the time in question.

mod window;

use api::history::ExecutionSummary;
use api::overview::{Bucket, Counts, Overview};
use api::tool::Tokens;
use spin_sdk::sqlite::{RowResult, Value};

use self::window::Window;
use super::owner::owner_in;
use super::read::{SUMMARY, summary};
use super::row::Row;
use super::{History, HistoryError};
use crate::clock::{first_id_at, timestamp};

/// The executions of a tenant in a window, which are `e`: the time decides; the ids, which are in its order, keep SQLite
/// from looking at everything. [`History::bounds`] has what it compares with.
fn in_window() -> String {
    let owner = owner_in("e");
    format!("{owner} = ?4 AND e.execution_id >= ?1 AND e.started_at >= ?2 AND e.started_at < ?3")
}

/// Failures that are shown at most.
const FAILURES_SHOWN: usize = 10;

impl History {
    /// The last hours, until `now` in milliseconds since 1970.
    pub async fn overview(&self, hours: u32, now: i64) -> Result<Overview, HistoryError> {
        let window = Window::of(hours, now);
        let buckets = self.buckets(&window).await?;
        let total = buckets
            .iter()
            .fold(Counts::default(), |sum, bucket| Counts {
                succeeded: sum.succeeded + bucket.counts.succeeded,
                failed: sum.failed + bucket.counts.failed,
                other: sum.other + bucket.counts.other,
            });
        let ended = total.succeeded + total.failed;
        let times = self.times(&window).await?;
        let repairs = self.attempts_after_the_first(&window).await?;
        let succeeded = total.succeeded as f64;
        Ok(Overview {
            since: timestamp(window.since),
            until: timestamp(window.until),
            bucket_seconds: window.bucket_seconds(),
            total,
            sessions: self.sessions_in(&window).await?,
            success_rate: (ended > 0).then(|| succeeded / ended as f64),
            p50_seconds: percentile(&times, 50),
            p95_seconds: percentile(&times, 95),
            attempts_per_success: (total.succeeded > 0).then(|| 1.0 + repairs as f64 / succeeded),
            tokens: self.tokens(&window).await?,
            running: self.count_status("running").await?,
            awaiting_approval: self.count_status("awaiting_approval").await?,
            latest_failures: self.latest_failures(&window).await?,
            buckets,
        })
    }

    async fn buckets(&self, window: &Window) -> Result<Vec<Bucket>, HistoryError> {
        // Grouped by one small number: SQLite sorts what it groups, and numbers in half the time.
        let statement = format!(
            "SELECT (started_at - ?2) / ?5 * 3 + CASE status WHEN 'succeeded' THEN 0 WHEN 'failed' THEN 1 \
             WHEN 'interrupted' THEN 1 WHEN 'refused' THEN 1 ELSE 2 END, count(*) \
             FROM executions e WHERE {} GROUP BY 1",
            in_window()
        );
        let mut parameters = self.bounds(window);
        parameters.push(window.bucket_ms.into());
        let mut buckets: Vec<Bucket> = window
            .starts()
            .map(|start| Bucket {
                start: timestamp(start),
                counts: Counts::default(),
            })
            .collect();
        for row in &self
            .query("count executions", &statement, parameters)
            .await?
        {
            let (key, count) = (Row(row).get::<u32>(0)? as usize, Row(row).get(1)?);
            let Some(Bucket { counts, .. }) = buckets.get_mut(key / 3) else {
                continue;
            };
            match key % 3 {
                0 => counts.succeeded = count,
                1 => counts.failed = count,
                _ => counts.other = count,
            }
        }
        Ok(buckets)
    }

    /// How long every call took that ended, in microseconds, in order. As one text, which costs less than rows do;
    /// sorted here, which takes SQLite as long as all the rest.
    async fn times(&self, window: &Window) -> Result<Vec<u64>, HistoryError> {
        let statement = format!(
            "SELECT group_concat(CAST(execution_time * 1000000 AS INTEGER)) FROM executions e \
             WHERE {} AND status IN ('succeeded', 'failed')",
            in_window()
        );
        let rows = self.query("read times", &statement, self.bounds(window));
        let rows = rows.await?;
        let text = rows.first().map(|row| Row(row).optional::<&str>(0));
        let text = text.transpose()?.flatten().unwrap_or_default();
        let times = text.split_terminator(',').map(str::parse);
        let mut times: Vec<u64> = times
            .collect::<Result<_, _>>()
            .map_err(|_| HistoryError::Row { column: 0 })?;
        times.sort_unstable();
        Ok(times)
    }

    async fn attempts_after_the_first(&self, window: &Window) -> Result<u64, HistoryError> {
        // Few have any, so the attempts are asked first.
        let statement = format!(
            "SELECT count(*) FROM attempts a CROSS JOIN executions e USING (execution_id) \
             WHERE a.execution_id >= ?1 AND a.number > 1 AND e.status = 'succeeded' AND {}",
            in_window()
        );
        self.number("count attempts", &statement, self.bounds(window))
            .await
    }

    /// Their latest execution began in time, so what is asked for needs no look at the executions.
    async fn sessions_in(&self, window: &Window) -> Result<u64, HistoryError> {
        let statement = format!(
            "SELECT count(*) FROM sessions s WHERE {} = ?4 AND latest >= ?1 AND executions > 0 \
             AND updated_at >= ?2 AND updated_at < ?3",
            owner_in("s")
        );
        self.number("count sessions", &statement, self.bounds(window))
            .await
    }

    async fn tokens(&self, window: &Window) -> Result<Tokens, HistoryError> {
        let statement = format!(
            "SELECT sum(tokens ->> 'prompt'), sum(tokens ->> 'completion'), sum(tokens ->> 'total'), \
             max(tokens ->> 'estimated') FROM loops l CROSS JOIN executions e USING (execution_id) \
             WHERE l.execution_id >= ?1 AND {}",
            in_window()
        );
        let rows = self.query("count tokens", &statement, self.bounds(window));
        let rows = rows.await?;
        let Some(row) = rows.first().map(Row) else {
            return Ok(Tokens::default());
        };
        Ok(Tokens {
            prompt: row.optional(0)?.unwrap_or_default(),
            completion: row.optional(1)?.unwrap_or_default(),
            total: row.optional(2)?.unwrap_or_default(),
            estimated: row.optional::<u32>(3)? == Some(1),
        })
    }

    /// The status is written out: an index of those that stand so is used only where SQLite sees it, and where the owner
    /// is no better way to them; the `+` says so.
    async fn count_status(&self, status: &'static str) -> Result<u64, HistoryError> {
        let statement = format!(
            "SELECT count(*) FROM executions e WHERE status = '{status}' AND +{} = ?1",
            owner_in("e")
        );
        self.number("count what goes on", &statement, vec![self.owner()])
            .await
    }

    async fn latest_failures(
        &self,
        window: &Window,
    ) -> Result<Vec<ExecutionSummary>, HistoryError> {
        let statement = format!(
            "SELECT {SUMMARY} FROM executions e WHERE {} \
             AND status IN ('failed', 'interrupted', 'refused') ORDER BY execution_id DESC LIMIT {FAILURES_SHOWN}",
            in_window()
        );
        let rows = self.query("list failures", &statement, self.bounds(window));
        rows.await?.iter().map(summary).collect()
    }

    /// What [`in_window`] compares with.
    fn bounds(&self, window: &Window) -> Vec<Value> {
        vec![
            first_id_at(window.since).into(),
            window.since.into(),
            window.until.into(),
            self.owner(),
        ]
    }

    async fn number(
        &self,
        phase: &'static str,
        statement: &str,
        parameters: Vec<Value>,
    ) -> Result<u64, HistoryError> {
        let rows: Vec<RowResult> = self.query(phase, statement, parameters).await?;
        rows.first().map_or(Ok(0), |row| Row(row).get(0))
    }
}

/// The nearest rank: the smallest of these microseconds that so many in a hundred do not exceed, in seconds.
fn percentile(sorted: &[u64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    let microseconds = sorted.get(rank.checked_sub(1)?)?;
    Some(*microseconds as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let seconds = |count: u64| -> Vec<u64> { (1..=count).map(|s| s * 1_000_000).collect() };
        assert_eq!(percentile(&[], 50), None);
        assert_eq!(percentile(&[250_000], 95), Some(0.25));
        assert_eq!(percentile(&seconds(4), 50), Some(2.0));
        assert_eq!(percentile(&seconds(5), 50), Some(3.0));
        assert_eq!(percentile(&seconds(20), 95), Some(19.0));
        assert_eq!(percentile(&seconds(21), 95), Some(20.0));
    }
}
