//! What is read: lists, newest first, and one execution with everything.

use std::collections::BTreeMap;

use api::filter::Filter;
use api::history::{Attempt, Execution, ExecutionSummary, Page, Session};
use api::{ExecutionId, SessionKey};
use spin_sdk::sqlite::{RowResult, Value};

use super::filter::Condition;
use super::owner::owner_in;
use super::row::{Row, json};
use super::{History, HistoryError};
use crate::call::workspace;
use crate::clock::timestamp;
use crate::cursor::PageRequest;

const SESSIONS: &str = "SELECT s.session_id, s.created_at, s.updated_at, s.executions, e.status, s.latest, \
                        e.mode, substr(e.code, 1, 200), w.bytes, w.files FROM sessions s \
                        LEFT JOIN executions e ON e.execution_id = s.latest \
                        LEFT JOIN workspaces w ON w.session_id = s.session_id";

/// The columns of a summary, in the order in which [`summary`] reads them.
pub(super) const SUMMARY: &str = "execution_id, session_id, mode, status, started_at, finished_at, execution_time, error, \
                       (SELECT count(*) FROM attempts a WHERE a.execution_id = e.execution_id), \
                       substr(code, 1, 200)";

const ATTEMPTS: &str = "SELECT execution_id, number, attempt_code, script_name, attempt_started_at, outcome, \
                        returncode, stdout, stderr, results, exception, limit_hit, truncated, \
                        code_execution_time, peak_memory_bytes, changed_files, steps, exchanges, diff \
                        FROM attempts LEFT JOIN dialogues USING (execution_id, number)";

impl History {
    /// Sessions, the one with the latest execution first. Key of the cursor: `latest`.
    pub async fn sessions(
        &self,
        filter: &Filter,
        request: &PageRequest,
    ) -> Result<Page<Session>, HistoryError> {
        let condition = Condition::on_sessions(&self.tenant, filter, request);
        let (clause, parameters) = condition.newest("s.latest", request.fetch());
        let statement = format!("{SESSIONS} {clause}");
        let rows = self.query("list sessions", &statement, parameters).await?;
        let page = request.page(rows, |row| {
            row.get::<&str>(5).unwrap_or_default().to_owned()
        });
        let items = page.items.iter().map(session).collect::<Result<_, _>>()?;
        Ok(Page {
            items,
            next_cursor: page.next_cursor,
        })
    }

    /// One session.
    pub async fn session(&self, session: &SessionKey) -> Result<Option<Session>, HistoryError> {
        let statement = format!("{SESSIONS} WHERE s.session_id = ?1");
        let rows = self
            .query("find session", &statement, [session.as_str().into()])
            .await?;
        rows.first().map(self::session).transpose()
    }

    /// Executions, newest first. Key of the cursor: `execution_id`.
    pub async fn executions(
        &self,
        filter: &Filter,
        request: &PageRequest,
    ) -> Result<Page<ExecutionSummary>, HistoryError> {
        let condition = Condition::on_executions(&self.tenant, filter, request);
        let (clause, parameters) = condition.newest("execution_id", request.fetch());
        let statement = format!("SELECT {SUMMARY} FROM executions e {clause}");
        let rows = self
            .query("list executions", &statement, parameters)
            .await?;
        let summaries = rows.iter().map(summary).collect::<Result<Vec<_>, _>>()?;
        Ok(request.page(summaries, |summary| summary.execution_id.clone()))
    }

    /// One execution with everything.
    pub async fn execution(
        &self,
        execution_id: &ExecutionId,
    ) -> Result<Option<Execution>, HistoryError> {
        let clause = format!("WHERE execution_id = ?1 AND {} = ?2", owner_in("e"));
        let parameters = vec![execution_id.as_str().into(), self.owner()];
        let mut found = self.with_attempts(&clause, parameters).await?;
        Ok(found.pop())
    }

    /// Executions with everything, as the prompt log has them, newest first. Key of the cursor: `execution_id`.
    pub async fn prompts(
        &self,
        filter: &Filter,
        request: &PageRequest,
    ) -> Result<Page<Execution>, HistoryError> {
        let condition = Condition::on_prompts(&self.tenant, filter, request);
        let (clause, parameters) = condition.newest("execution_id", request.fetch());
        let executions = self.with_attempts(&clause, parameters).await?;
        Ok(request.page(executions, |execution| {
            execution.summary.execution_id.clone()
        }))
    }

    async fn with_attempts(
        &self,
        clause: &str,
        parameters: Vec<Value>,
    ) -> Result<Vec<Execution>, HistoryError> {
        let statement = format!(
            "SELECT {SUMMARY}, code, context, model, tokens, \
                     CASE status WHEN 'awaiting_approval' THEN proposed_code END, timeout, stdin \
                     FROM executions e LEFT JOIN loops USING (execution_id) \
                     LEFT JOIN inputs USING (execution_id) {clause}"
        );
        let rows = self
            .query("read executions", &statement, parameters)
            .await?;
        let ids = rows.iter().filter_map(|row| row.get::<&str>(0));
        let parameters = [json(&ids.collect::<Vec<_>>())];
        let statement = format!(
            "{ATTEMPTS} WHERE execution_id IN (SELECT value FROM json_each(?1)) ORDER BY number"
        );
        let mut attempts: BTreeMap<String, Vec<Attempt>> = BTreeMap::new();
        for row in &self.query("read attempts", &statement, parameters).await? {
            attempts
                .entry(Row(row).text(0)?)
                .or_default()
                .push(attempt(row)?);
        }
        let whole = |row: &RowResult| {
            let summary = summary(row)?;
            Ok(Execution {
                attempt_list: attempts.remove(&summary.execution_id).unwrap_or_default(),
                code: Row(row).text(10)?,
                timeout: Row(row).optional(15)?,
                stdin: Row(row).optional_text(16)?,
                context: Row(row).json(11)?,
                model: Row(row).optional_text(12)?,
                tokens: Row(row).json(13)?,
                proposed_code: Row(row).optional_text(14)?,
                summary,
            })
        };
        rows.iter().map(whole).collect()
    }
}

fn session(row: &RowResult) -> Result<Session, HistoryError> {
    let row = Row(row);
    let session_id = row.session_id(0)?;
    Ok(Session {
        workspace: workspace(&session_id),
        session_id,
        created_at: timestamp(row.get(1)?),
        updated_at: timestamp(row.get(2)?),
        executions: row.get(3)?,
        last_status: row.optional_word(4)?,
        last_mode: row.optional_word(6)?,
        preview: row.optional_text(7)?,
        workspace_bytes: row.optional(8)?,
        workspace_files: row.optional(9)?,
    })
}

/// Reads the columns of [`SUMMARY`].
pub(super) fn summary(row: &RowResult) -> Result<ExecutionSummary, HistoryError> {
    let row = Row(row);
    Ok(ExecutionSummary {
        execution_id: row.text(0)?,
        session_id: row.session_id(1)?,
        mode: row.word(2)?,
        status: row.word(3)?,
        started_at: timestamp(row.get(4)?),
        finished_at: row.optional(5)?.map(timestamp),
        execution_time: row.optional(6)?,
        error: row.optional_text(7)?,
        attempts: row.get(8)?,
        preview: row.text(9)?,
    })
}

fn attempt(row: &RowResult) -> Result<Attempt, HistoryError> {
    let row = Row(row);
    Ok(Attempt {
        number: row.get(1)?,
        code: row.text(2)?,
        script_name: row.text(3)?,
        started_at: timestamp(row.get(4)?),
        outcome: row.optional_word(5)?,
        returncode: row.optional(6)?,
        stdout: row.optional_text(7)?.unwrap_or_default(),
        stderr: row.optional_text(8)?.unwrap_or_default(),
        results: row.json(9)?,
        error: row.json(10)?,
        limit: row.json(11)?,
        truncated: row.json(12)?,
        code_execution_time: row.optional(13)?,
        peak_memory_bytes: row.optional(14)?,
        changed_files: row.json(15)?,
        steps: row.json(16)?,
        exchanges: row.json(17)?,
        diff: row.optional_text(18)?,
    })
}
