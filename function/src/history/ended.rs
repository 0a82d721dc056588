//! How much has ended, and how much goes on, whosever it is: for the operator alone.

use super::row::Row;
use super::{History, HistoryError};

/// Bounds of durations in seconds, as they are kept and as Prometheus writes them.
pub const BOUNDS: [&str; 16] = [
    "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "60",
    "120", "300", "+Inf",
];

/// Executions of one mode that ended in one way and took about as long.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// Which executor ran them.
    pub mode: String,
    /// How they ended.
    pub outcome: String,
    /// The least of [`BOUNDS`] that they are within; empty where that is not known.
    pub le: String,
    /// How many.
    pub executions: i64,
    /// What they took together.
    pub seconds: f64,
    /// Attempts of all of them.
    pub attempts: i64,
    /// Tokens of all of them.
    pub prompt_tokens: i64,
    /// The same for what the model wrote.
    pub completion_tokens: i64,
}

/// Executions of one mode that have not ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// Which executor.
    pub mode: String,
    /// `running` or `awaiting_approval`.
    pub status: String,
    /// How many.
    pub executions: i64,
}

impl History {
    /// All that has ended since the database counts.
    pub async fn tallies(&self) -> Result<Vec<Tally>, HistoryError> {
        let statement = "SELECT mode, outcome, le, executions, seconds, attempts, prompt_tokens, completion_tokens \
                         FROM ended ORDER BY mode, outcome";
        let rows = self.query("read counts", statement, []).await?;
        let tally = |row: Row<'_>| {
            Ok(Tally {
                mode: row.text(0)?,
                outcome: row.text(1)?,
                le: row.text(2)?,
                executions: row.get(3)?,
                seconds: row.get(4)?,
                attempts: row.get(5)?,
                prompt_tokens: row.get(6)?,
                completion_tokens: row.get(7)?,
            })
        };
        rows.iter().map(|row| tally(Row(row))).collect()
    }

    /// All that goes on. Each status is written out, for its index.
    pub async fn open_ones(&self) -> Result<Vec<Open>, HistoryError> {
        let statement = "SELECT mode, 'running', count(*) FROM executions WHERE status = 'running' GROUP BY mode \
                         UNION ALL SELECT mode, 'awaiting_approval', count(*) FROM executions \
                         WHERE status = 'awaiting_approval' GROUP BY mode";
        let rows = self.query("count what goes on", statement, []).await?;
        let open = |row: Row<'_>| {
            Ok(Open {
                mode: row.text(0)?,
                status: row.text(1)?,
                executions: row.get(2)?,
            })
        };
        rows.iter().map(|row| open(Row(row))).collect()
    }
}

#[test]
fn the_database_has_the_same_bounds() {
    let script = include_str!("ended.sql");
    for bound in BOUNDS {
        let put = match bound {
            "+Inf" => "ELSE '+Inf'".to_owned(),
            _ => format!("<= {bound} THEN '{bound}'\n"),
        };
        assert!(script.contains(&put), "{bound}");
    }
    assert_eq!(
        script.matches("execution_time <= ").count(),
        BOUNDS.len() - 1
    );
}
