//! What openinterpreter mode writes: attempts after the first, what was said to the model, and what waits for a person.

use api::ExecutionId;
use api::history::Attempt;
use api::tool::Tokens;
use spin_sdk::sqlite::Value;

use super::calls::room;
use super::owner::owner_in;
use super::row::{Row, json};
use super::{History, HistoryError, lease_from};

impl History {
    /// Records an attempt before it starts.
    pub async fn begin_attempt(
        &self,
        execution_id: &ExecutionId,
        attempt: &Attempt,
    ) -> Result<(), HistoryError> {
        let parameters = [
            Value::text(execution_id.as_str()),
            Value::Integer(attempt.number.into()),
            Value::Integer(attempt.started_at.as_millisecond()),
            Value::text(&attempt.script_name),
            Value::text(&attempt.code),
        ];
        self.query(
            "begin attempt",
            "INSERT INTO attempts (execution_id, number, attempt_started_at, script_name, attempt_code) \
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (execution_id, number) DO UPDATE SET \
             script_name = excluded.script_name, attempt_code = excluded.attempt_code",
            parameters,
        )
        .await?;
        Ok(())
    }

    /// Records how an attempt ended that is not the execution's last.
    pub async fn end_attempt(
        &self,
        execution_id: &ExecutionId,
        attempt: &Attempt,
    ) -> Result<(), HistoryError> {
        self.note_dialogue(execution_id, attempt).await?;
        let mut parameters = vec![Value::text(execution_id.as_str())];
        parameters.extend(super::write::ended(attempt));
        self.query(
            "end attempt",
            "UPDATE attempts SET outcome = ?3, returncode = ?4, exception = ?5, limit_hit = ?6, truncated = ?7, \
             code_execution_time = ?8, peak_memory_bytes = ?9, changed_files = ?10, stdout = ?11, stderr = ?12, \
             results = ?13 WHERE execution_id = ?1 AND number = ?2",
            parameters,
        )
        .await?;
        Ok(())
    }

    /// Records what was said to the model so far, and what ran before the code that runs now.
    pub async fn note_dialogue(
        &self,
        execution_id: &ExecutionId,
        attempt: &Attempt,
    ) -> Result<(), HistoryError> {
        if attempt.exchanges.is_empty() && attempt.steps.is_empty() && attempt.diff.is_none() {
            return Ok(());
        }
        let parameters = [
            Value::text(execution_id.as_str()),
            Value::Integer(attempt.number.into()),
            json(&attempt.steps),
            json(&attempt.exchanges),
            attempt.diff.as_deref().into(),
        ];
        self.query(
            "note dialogue",
            "INSERT INTO dialogues (execution_id, number, steps, exchanges, diff) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (execution_id, number) DO UPDATE SET \
             steps = excluded.steps, exchanges = excluded.exchanges, diff = excluded.diff",
            parameters,
        )
        .await?;
        Ok(())
    }

    /// Records which model worked on an execution and what that cost, and that nothing waits any more.
    pub async fn note_loop(
        &self,
        execution_id: &ExecutionId,
        model: &str,
        tokens: Tokens,
    ) -> Result<(), HistoryError> {
        let parameters = [
            Value::text(execution_id.as_str()),
            Value::text(model),
            json(&tokens),
        ];
        self.query(
            "note loop",
            "INSERT INTO loops (execution_id, model, tokens) VALUES (?1, ?2, ?3) ON CONFLICT (execution_id) DO UPDATE \
             SET model = excluded.model, tokens = excluded.tokens, pending = NULL, proposed_code = NULL",
            parameters,
        )
        .await?;
        Ok(())
    }

    /// Records that an execution waits for a person: first what it needs to go on, then that it waits.
    pub async fn wait(
        &self,
        execution_id: &ExecutionId,
        model: &str,
        tokens: Tokens,
        pending: &str,
        proposed_code: &str,
    ) -> Result<(), HistoryError> {
        let parameters = [
            Value::text(execution_id.as_str()),
            Value::text(model),
            json(&tokens),
            Value::text(pending),
            Value::text(proposed_code),
        ];
        self.query(
            "note what waits",
            "INSERT INTO loops (execution_id, model, tokens, pending, proposed_code) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (execution_id) DO UPDATE SET model = excluded.model, tokens = excluded.tokens, \
             pending = excluded.pending, proposed_code = excluded.proposed_code",
            parameters,
        )
        .await?;
        self.query(
            "wait",
            "UPDATE executions SET status = 'awaiting_approval' WHERE execution_id = ?1",
            [Value::text(execution_id.as_str())],
        )
        .await?;
        Ok(())
    }

    /// Where the loop of an execution stands that waits; nothing if it does not wait.
    pub async fn pending(
        &self,
        execution_id: &ExecutionId,
    ) -> Result<Option<String>, HistoryError> {
        let rows = self
            .query(
                "read what waits",
                &format!(
                    "SELECT pending FROM loops JOIN executions e USING (execution_id) \
                     WHERE execution_id = ?1 AND status = 'awaiting_approval' AND {} = ?2",
                    owner_in("e")
                ),
                [Value::text(execution_id.as_str()), self.owner()],
            )
            .await?;
        rows.first().map(|row| Row(row).text(0)).transpose()
    }

    /// Takes up an execution that is [`pending`](Self::pending), in one statement, so that of two decisions one is too
    /// late; also where other code waits than was `seen`, or more than `at_once` would be under way. Says whether it was
    /// taken.
    pub async fn resume(
        &self,
        execution_id: &ExecutionId,
        seen: Option<&str>,
        now: i64,
        at_once: Option<u32>,
    ) -> Result<bool, HistoryError> {
        // Before it runs, lest it seem to have begun before the python service did.
        self.query(
            "note the time",
            "UPDATE loops SET resumed_at = ?2 WHERE execution_id = ?1",
            [Value::text(execution_id.as_str()), Value::Integer(now)],
        )
        .await?;
        let mut parameters = vec![
            Value::text(execution_id.as_str()),
            Value::Integer(lease_from(now)),
            seen.into(),
        ];
        let mut condition =
            "execution_id = ?1 AND status = 'awaiting_approval' AND (?3 IS NULL OR ?3 = \
             (SELECT proposed_code FROM loops l WHERE l.execution_id = executions.execution_id))"
                .to_owned();
        if let Some(most) = at_once {
            parameters.extend(self.room(now, most));
            condition += &format!(" AND {}", room(4));
        }
        let statement = format!(
            "UPDATE executions SET status = 'running', lease_until = ?2 WHERE {condition} RETURNING 1"
        );
        let taken = self.query("resume", &statement, parameters).await?;
        Ok(!taken.is_empty())
    }
}
