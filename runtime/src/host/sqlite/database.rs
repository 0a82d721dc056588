//! One database file, and the connections to it that nobody uses right now.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::hooks::{Action, AuthAction, AuthContext, Authorization};
use tokio::sync::Notify;

/// More than the instances that are busy at once on a small machine; opening one costs a fraction of a millisecond.
const MAX_IDLE: usize = 16;
/// More than the function has statements.
const CACHED_STATEMENTS: usize = 128;
/// Of SQLite's virtual machine: a millisecond or so.
const INSTRUCTIONS_BETWEEN_CHECKS: i32 = 100_000;

/// A database that components may open.
pub(in crate::host) struct Database {
    path: Box<Path>,
    idle: Mutex<Vec<Connection>>,
    /// Told of each statement that ended, with which a lock may have been given up.
    pub(super) unlocked: Notify,
}

/// A connection, with what its hooks saw since it was handed out.
pub(super) struct Connection {
    pub(super) sqlite: rusqlite::Connection,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    /// When the statement under way must be done.
    deadline: Mutex<Option<Instant>>,
    /// A row was inserted.
    insert: AtomicBool,
    /// Something that outlives a transaction was changed in the connection itself.
    state: AtomicBool,
}

impl Database {
    /// Opens the file, and makes it if need be.
    pub(in crate::host) fn open(path: &Path) -> rusqlite::Result<Self> {
        let database = Self {
            path: path.into(),
            idle: Mutex::default(),
            unlocked: Notify::new(),
        };
        let connection = database.connect()?;
        database.give_back(connection);
        Ok(database)
    }

    /// A connection for one user, as good as new.
    pub(super) fn take(&self) -> rusqlite::Result<Connection> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.map_or_else(|| self.connect(), Ok)
    }

    /// Keeps a connection for the next user, unless this one left its mark on it.
    pub(super) fn give_back(&self, connection: Connection) {
        let Connection { sqlite, seen } = &connection;
        seen.insert.store(false, Relaxed);
        let clean = !seen.state.load(Relaxed)
            && (sqlite.is_autocommit() || sqlite.execute_batch("ROLLBACK").is_ok());
        self.unlocked.notify_one();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if clean && idle.len() < MAX_IDLE {
            idle.push(connection);
        }
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let sqlite = rusqlite::Connection::open(&self.path)?;
        // Only while the file is made: whoever waits for a lock later does so without a thread.
        sqlite.busy_timeout(Duration::from_secs(5))?;
        sqlite.pragma_update(None, "journal_mode", "WAL")?;
        // In WAL mode this loses nothing when the process dies, only, at worst, the last moments
        // when the machine does.
        sqlite.pragma_update(None, "synchronous", "NORMAL")?;
        sqlite.pragma_update(None, "foreign_keys", true)?;
        sqlite.busy_timeout(Duration::ZERO)?;
        sqlite.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        let seen = Arc::new(Seen::default());
        sqlite.authorizer(Some({
            let seen = Arc::clone(&seen);
            move |context: AuthContext<'_>| authorize(context.action, &seen)
        }))?;
        sqlite.update_hook(Some({
            let seen = Arc::clone(&seen);
            move |action, _: &str, _: &str, _| {
                if action == Action::SQLITE_INSERT {
                    seen.insert.store(true, Relaxed);
                }
            }
        }))?;
        sqlite.progress_handler(
            INSTRUCTIONS_BETWEEN_CHECKS,
            Some({
                let seen = Arc::clone(&seen);
                move || {
                    seen.deadline()
                        .is_some_and(|deadline| Instant::now() > deadline)
                }
            }),
        )?;
        Ok(Connection { sqlite, seen })
    }
}

impl Seen {
    fn deadline(&self) -> MutexGuard<'_, Option<Instant>> {
        self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Interrupts, from now on, whatever statement runs longer than this.
    pub(super) fn limit_time(&self, time: Duration) {
        *self.seen.deadline() = Some(Instant::now() + time);
    }

    /// The row this user inserted last, or 0.
    pub(super) fn last_insert_rowid(&self) -> i64 {
        if self.seen.insert.load(Relaxed) {
            self.sqlite.last_insert_rowid()
        } else {
            0
        }
    }
}

/// Keeps a component to its own file: a path in SQL reaches the disk through `ATTACH`, through
/// `VACUUM INTO`, which attaches, and through two old pragmas. A path that is not a literal comes
/// as an action without a name.
fn authorize(action: AuthAction<'_>, seen: &Seen) -> Authorization {
    match action {
        // A temporary database, which `VACUUM` needs too.
        AuthAction::Attach { filename: "" } => seen.state.store(true, Relaxed),
        AuthAction::Attach { .. } | AuthAction::Unknown { .. } => return Authorization::Deny,
        AuthAction::Pragma { pragma_name, .. }
            if pragma_name.eq_ignore_ascii_case("temp_store_directory")
                || pragma_name.eq_ignore_ascii_case("data_store_directory") =>
        {
            return Authorization::Deny;
        }
        AuthAction::Pragma {
            pragma_value: Some(_),
            ..
        }
        | AuthAction::CreateTempIndex { .. }
        | AuthAction::CreateTempTable { .. }
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. } => seen.state.store(true, Relaxed),
        _ => {}
    }
    Authorization::Allow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_that_does_not_end_is_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let connection = Database::open(&dir.path().join("default.db"))
            .unwrap()
            .take()
            .unwrap();
        connection.limit_time(Duration::from_millis(20));
        let endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";
        let error = connection
            .sqlite
            .query_row(endless, [], |_| Ok(()))
            .unwrap_err();
        assert_eq!(
            error.sqlite_error_code(),
            Some(rusqlite::ErrorCode::OperationInterrupted)
        );
    }
}
