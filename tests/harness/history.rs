//! A history that nobody had to live through: rows in the database of a data folder, as the function writes them.

use std::path::Path;

use api::history::Status;
use api::tool::Mode;
use jiff::{Timestamp, ToSpan as _};
use rusqlite::{Connection, params};

/// The function's own scripts. A server that has more of them brings the database up to date.
const SCRIPTS: &[&str] = &[
    include_str!("../../function/src/history/schema.sql"),
    include_str!("../../function/src/history/loops.sql"),
    include_str!("../../function/src/history/watching.sql"),
    include_str!("../../function/src/history/cancelling.sql"),
];

/// An execution that ended, or only ever began.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    pub(crate) session_id: String,
    pub(crate) began: Timestamp,
    pub(crate) mode: Mode,
    pub(crate) status: Status,
    pub(crate) seconds: f64,
    pub(crate) attempts: u32,
    pub(crate) code: String,
    pub(crate) error: Option<String>,
}

impl Past {
    /// One that succeeded.
    pub(crate) fn of(session_id: &str, began: Timestamp, code: &str) -> Self {
        Self {
            session_id: session_id.to_owned(),
            began,
            mode: Mode::Native,
            status: Status::Succeeded,
            seconds: 0.01,
            attempts: 1,
            code: code.to_owned(),
            error: None,
        }
    }

    /// The same, standing otherwise.
    pub(crate) fn standing(mut self, status: Status, error: &str) -> Self {
        self.status = status;
        self.error = Some(error.to_owned());
        self
    }

    /// The same, run by the other executor.
    pub(crate) fn by(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// The same, in another time.
    pub(crate) fn taking(mut self, seconds: f64, attempts: u32) -> Self {
        (self.seconds, self.attempts) = (seconds, attempts);
        self
    }
}

/// Sessions `filled-00000` and so on with executions in the last hours, a tenth of which failed.
pub(crate) fn fill(data: &Path, sessions: usize, executions_each: usize) {
    let names = (0..sessions).map(|number| format!("filled-{number:05}"));
    let names: Vec<_> = names
        .flat_map(|name| std::iter::repeat_n(name, executions_each))
        .collect();
    record(data, &made_up(&names));
}

/// One session with many executions in the last hours.
pub(crate) fn fill_session(data: &Path, session_id: &str, executions: usize) {
    record(data, &made_up(&vec![session_id.to_owned(); executions]));
}

/// An execution a session named, two seconds apart, the last just now.
fn made_up(sessions: &[String]) -> Vec<Past> {
    let now = Timestamp::now();
    let past = |(number, session): (usize, &String)| {
        let began = now - (2 * (sessions.len() - number) as i64).seconds();
        let past = Past::of(session, began, &program(number));
        let past = past.taking(0.005 + (number % 100) as f64 / 1000.0, 1);
        if number % 10 == 3 {
            past.standing(Status::Failed, "ValueError: made up")
        } else {
            past
        }
    };
    sessions.iter().enumerate().map(past).collect()
}

/// About as long as what a model writes.
fn program(number: usize) -> String {
    let mut program = format!("# Program {number}\nimport pandas as pd\n");
    for line in 0..12 {
        program += &format!("print('line {line}', pd.DataFrame({{'a': [1, 2, 3]}}).sum())\n");
    }
    program
}

/// Writes down what happened, in the order of time; gives the executions' ids.
pub(crate) fn record(data: &Path, past: &[Past]) -> Vec<String> {
    let mut database = open(data);
    let transaction = database.transaction().expect("nobody else writes");
    let ids: Vec<String> = past
        .iter()
        .enumerate()
        .map(|(number, past)| add(&transaction, number, past))
        .collect();
    transaction.commit().expect("the disk has room");
    ids
}

fn open(data: &Path) -> Connection {
    let folder = data.join("sqlite");
    std::fs::create_dir_all(&folder).expect("the data folder can be written");
    let database = Connection::open(folder.join("default.db")).expect("it is a database");
    database
        .pragma_update(None, "journal_mode", "WAL")
        .expect("it is a file");
    for statement in SCRIPTS.iter().flat_map(|script| script.split("\n\n")) {
        database
            .execute_batch(statement)
            .unwrap_or_else(|error| panic!("{error} in\n{statement}"));
    }
    database
        .pragma_update(None, "user_version", SCRIPTS.len() as i64)
        .expect("it can be written");
    database
}

/// As the function does it where only code was sent: begun through the view `runs`, and ended through it.
fn add(database: &Connection, number: usize, past: &Past) -> String {
    let began = past.began.as_millisecond();
    let id = format!("{:013x}{:03x}", past.began.as_microsecond(), number & 0xfff);
    let script = format!("script_{id}.py");
    database
        .prepare_cached(
            "INSERT INTO runs (execution_id, session_id, mode, status, started_at, lease_until, code, \
             number, attempt_started_at, script_name, attempt_code) \
             VALUES (?1, ?2, ?3, 'running', ?4, ?4 + 15000, ?5, 1, ?4, ?6, ?5)",
        )
        .and_then(|mut insert| {
            let mode = past.mode.as_str();
            insert.execute(params![id, past.session_id, mode, began, past.code, script])
        })
        .expect("it can be begun");
    for attempt in 2..=past.attempts {
        database
            .execute(
                "INSERT INTO attempts (execution_id, number, attempt_started_at, script_name, attempt_code) \
                 VALUES (?1, ?2, ?3, ?4, '')",
                params![id, attempt, began, script],
            )
            .expect("it can be tried again");
    }
    if past.status == Status::Running {
        return id;
    }
    let outcome = if past.status == Status::Succeeded {
        "ok"
    } else {
        "exception"
    };
    database
        .prepare_cached(
            "UPDATE runs SET status = ?2, finished_at = ?3, execution_time = ?4, error = ?5, outcome = ?6, \
             returncode = 0, stdout = 'made up', stderr = '' WHERE execution_id = ?1 AND number = ?7",
        )
        .and_then(|mut update| {
            let finished = began + (past.seconds * 1000.0) as i64;
            update.execute(params![
                id,
                past.status.as_str(),
                finished,
                past.seconds,
                past.error,
                outcome,
                past.attempts
            ])
        })
        .expect("it can be ended");
    id
}
