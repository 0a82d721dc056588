//! What is written: the beginning of a run, its end, and the end of a session.

use api::history::{Attempt, Status};
use api::tool::{Mode, ToolContext};
use api::{ExecutionId, SessionKey};
use spin_sdk::sqlite::Value;

use super::calls::room;
use super::row::{json, word};
use super::{History, HistoryError, lease_from};
use crate::call::Call;

/// An execution that is about to begin.
#[derive(Debug)]
pub struct Begun<'a> {
    /// What was asked for.
    pub call: &'a Call,
    /// Its code, without secrets.
    pub code: &'a str,
    /// Its standard input, without secrets.
    pub stdin: &'a str,
    /// Why the agent calls, without secrets.
    pub context: &'a Option<ToolContext>,
    /// Which executor will run it.
    pub mode: Mode,
    /// When, in milliseconds since 1970.
    pub started_at: i64,
    /// How many of its owner's may be under way then, this one included.
    pub at_once: Option<u32>,
}

/// An execution that has ended.
#[derive(Debug)]
pub struct Ended<'a> {
    /// Which.
    pub execution_id: &'a ExecutionId,
    /// How.
    pub status: Status,
    /// When, in milliseconds since 1970.
    pub finished_at: i64,
    /// Seconds, the whole call.
    pub execution_time: f64,
    /// One line, unless it succeeded.
    pub error: Option<&'a str>,
    /// The attempt that ended with it.
    pub attempt: &'a Attempt,
}

/// What became of a session that was to be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// It is gone.
    Yes,
    /// Something runs in it.
    Running,
    /// There was none.
    Missing,
}

impl History {
    /// Records an execution as running, with its first attempt, before it starts, unless too many are; says whether it
    /// did.
    pub async fn begin(&self, begun: &Begun<'_>) -> Result<bool, HistoryError> {
        let Begun {
            call,
            code,
            stdin,
            context,
            mode,
            started_at,
            at_once,
        } = begun;
        let mut parameters = vec![
            Value::text(call.execution_id.as_str()),
            Value::text(call.session_id.as_str()),
            Value::text(mode.as_str()),
            Value::Integer(*started_at),
            Value::Integer(lease_from(*started_at)),
            json(context),
            Value::text(*code),
            Value::text(call.script_name(1)),
            call.asked_timeout.into(),
            Some(*stdin).filter(|stdin| !stdin.is_empty()).into(),
        ];
        let insert = "INSERT INTO beginnings (execution_id, session_id, mode, status, started_at, lease_until, context, \
                      code, number, attempt_started_at, script_name, attempt_code, timeout, stdin)";
        let values = "?1, ?2, ?3, 'running', ?4, ?5, ?6, ?7, 1, ?4, ?8, ?7, ?9, ?10";
        let statement = match at_once {
            Some(most) => {
                parameters.extend(self.room(*started_at, *most));
                let room = room(11);
                format!("{insert} SELECT {values} WHERE {room} RETURNING 1")
            }
            None => format!("{insert} VALUES ({values}) RETURNING 1"),
        };
        let rows = self.query("begin execution", &statement, parameters);
        Ok(!rows.await?.is_empty())
    }

    /// Records how an execution ended.
    pub async fn end(&self, ended: &Ended<'_>) -> Result<(), HistoryError> {
        let mut parameters = vec![
            Value::text(ended.execution_id.as_str()),
            Value::text(ended.status.as_str()),
            Value::Integer(ended.finished_at),
            Value::Real(ended.execution_time),
            ended.error.into(),
        ];
        parameters.extend(self::ended(ended.attempt));
        self.query(
            "end execution",
            "UPDATE runs SET status = ?2, finished_at = ?3, execution_time = ?4, error = ?5, outcome = ?7, \
             returncode = ?8, exception = ?9, limit_hit = ?10, truncated = ?11, code_execution_time = ?12, \
             peak_memory_bytes = ?13, changed_files = ?14, stdout = ?15, stderr = ?16, results = ?17 \
             WHERE execution_id = ?1 AND number = ?6",
            parameters,
        )
        .await?;
        Ok(())
    }

    /// Makes a session known that has files before it has executions; `latest` is an id of none.
    pub async fn note_session(
        &self,
        session_id: &SessionKey,
        latest: &ExecutionId,
        now: i64,
    ) -> Result<(), HistoryError> {
        self.query(
            "note session",
            "INSERT INTO sessions (session_id, created_at, updated_at, executions, latest) \
             VALUES (?1, ?2, ?2, 0, ?3) ON CONFLICT (session_id) DO NOTHING",
            [
                Value::text(session_id.as_str()),
                Value::Integer(now),
                Value::text(latest.as_str()),
            ],
        )
        .await?;
        Ok(())
    }

    /// Records how large a session's workspace is.
    pub async fn note_workspace(
        &self,
        session_id: &SessionKey,
        bytes: u64,
        files: u64,
    ) -> Result<(), HistoryError> {
        let count = |number| Value::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        // A session that was deleted meanwhile has none.
        self.query(
            "note workspace",
            "INSERT INTO workspaces (session_id, bytes, files) \
             SELECT session_id, ?2, ?3 FROM sessions WHERE session_id = ?1 \
             ON CONFLICT (session_id) DO UPDATE SET bytes = excluded.bytes, files = excluded.files",
            [Value::text(session_id.as_str()), count(bytes), count(files)],
        )
        .await?;
        Ok(())
    }

    /// Whether something runs in a session.
    pub async fn is_running(&self, session_id: &SessionKey) -> Result<bool, HistoryError> {
        let statement =
            "SELECT 1 FROM executions WHERE status = 'running' AND session_id = ?1 LIMIT 1";
        let rows = self
            .query(
                "find running",
                statement,
                [Value::text(session_id.as_str())],
            )
            .await?;
        Ok(!rows.is_empty())
    }

    /// Forgets a session with all that happened in it, unless something runs in it.
    pub async fn delete_session(&self, session_id: &SessionKey) -> Result<Deleted, HistoryError> {
        let statement = "DELETE FROM sessions WHERE session_id = ?1 AND NOT EXISTS \
                         (SELECT 1 FROM executions WHERE status = 'running' AND session_id = ?1) RETURNING 1";
        let rows = self
            .query(
                "delete session",
                statement,
                [Value::text(session_id.as_str())],
            )
            .await?;
        if !rows.is_empty() {
            Ok(Deleted::Yes)
        } else if self.is_running(session_id).await? {
            Ok(Deleted::Running)
        } else {
            Ok(Deleted::Missing)
        }
    }
}

/// What an attempt came to, in the order of the columns; its number comes first.
pub(super) fn ended(attempt: &Attempt) -> [Value; 12] {
    [
        Value::Integer(attempt.number.into()),
        word(&attempt.outcome),
        attempt.returncode.into(),
        json(&attempt.error),
        json(&attempt.limit),
        json(&attempt.truncated),
        attempt.code_execution_time.into(),
        attempt.peak_memory_bytes.map(|bytes| bytes as i64).into(),
        json(&attempt.changed_files),
        Value::text(&attempt.stdout),
        Value::text(&attempt.stderr),
        json(&attempt.results),
    ]
}
