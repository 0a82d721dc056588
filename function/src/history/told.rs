//! What an execution tells while it runs: any instance may be asked to follow it.

use api::ExecutionId;
use api::history::{Execution, Status};
use api::live::LiveEvent;
use spin_sdk::sqlite::Value;

use super::owner::owner_in;
use super::row::Row;
use super::{History, HistoryError};

/// What was told, and how far that is.
#[derive(Debug, Default)]
pub struct Told {
    /// In order.
    pub events: Vec<LiveEvent>,
    /// To ask with for more.
    pub position: i64,
}

impl History {
    /// Adds to what an execution told, unless it has ended meanwhile.
    pub async fn tell(
        &self,
        execution_id: &ExecutionId,
        events: &[LiveEvent],
    ) -> Result<(), HistoryError> {
        let events = serde_json::to_string(events).expect("wire types are JSON");
        self.query(
            "note what was told",
            "INSERT INTO told (execution_id, position, events) \
             SELECT ?1, 1 + coalesce((SELECT max(position) FROM told WHERE execution_id = ?1), 0), ?2 \
             FROM executions WHERE execution_id = ?1 AND status = 'running'",
            [Value::text(execution_id.as_str()), Value::Text(events)],
        )
        .await?;
        Ok(())
    }

    /// What an execution told after a position; the first is after 0.
    pub async fn told(
        &self,
        execution_id: &ExecutionId,
        position: i64,
    ) -> Result<Told, HistoryError> {
        let statement = "SELECT position, events FROM told WHERE execution_id = ?1 AND position > ?2 \
                         ORDER BY position";
        let parameters = [Value::text(execution_id.as_str()), Value::Integer(position)];
        let mut told = Told {
            position,
            ..Told::default()
        };
        for row in &self
            .query("read what was told", statement, parameters)
            .await?
        {
            told.position = Row(row).get(0)?;
            told.events.extend(Row(row).json::<Vec<LiveEvent>>(1)?);
        }
        Ok(told)
    }

    /// How an execution stands; nothing if there is none.
    pub async fn status(&self, execution_id: &ExecutionId) -> Result<Option<Status>, HistoryError> {
        let statement = format!(
            "SELECT status FROM executions e WHERE execution_id = ?1 AND {} = ?2",
            owner_in("e")
        );
        let parameters = [Value::text(execution_id.as_str()), self.owner()];
        let rows = self.query("read status", &statement, parameters).await?;
        rows.first().map(|row| Row(row).word(0)).transpose()
    }

    /// One execution with everything: where it runs, or did when the system went down, also with what the program
    /// under way has written so far.
    pub async fn execution_so_far(
        &self,
        execution_id: &ExecutionId,
    ) -> Result<Option<Execution>, HistoryError> {
        // What was told goes when the execution ends, and then the history has it.
        let told = self.told(execution_id, 0).await?;
        let mut execution = self.execution(execution_id).await?;
        if let Some(execution) = &mut execution {
            fill_in(execution, &told.events);
        }
        Ok(execution)
    }
}

/// Writes what the program under way has told into its attempt.
fn fill_in(execution: &mut Execution, told: &[LiveEvent]) {
    if !matches!(
        execution.summary.status,
        Status::Running | Status::Interrupted
    ) {
        return;
    }
    let is_program = |event: &LiveEvent| matches!(event, LiveEvent::Attempt { .. });
    let Some(last) = told.iter().rposition(is_program) else {
        return;
    };
    let (program, wrote) = told[last..].split_at(1);
    let [LiveEvent::Attempt { number, code, .. }] = program else {
        return;
    };
    // One that has ended is recorded, and what runs after it may not have told anything yet.
    let under_way = execution.attempt_list.iter_mut().find(|attempt| {
        attempt.number == *number && attempt.code == *code && attempt.outcome.is_none()
    });
    let Some(attempt) = under_way else {
        return;
    };
    attempt.stdout.clear();
    attempt.stderr.clear();
    attempt.results.clear();
    for event in wrote {
        match event {
            LiveEvent::Stdout { text } => attempt.stdout.push_str(text),
            LiveEvent::Stderr { text } => attempt.stderr.push_str(text),
            LiveEvent::Result(bundle) => attempt.results.push(bundle.clone()),
            _ => {}
        }
    }
}
