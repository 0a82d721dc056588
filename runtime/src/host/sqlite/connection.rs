//! A connection as a component holds it: its own from opening to dropping, then somebody else's.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::ErrorCode;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use super::database::{Connection, Database};
use super::{Error, QueryResult, RowResult, Value};

/// How long a statement waits for a lock that another connection holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a statement may run: it does so on a thread that requests need too. They take some
/// 50 µs each; a thread of their own would add as much again.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait, at most, before a lock is tried again that nobody said was free.
const MAX_PAUSE: Duration = Duration::from_millis(20);
/// What the rows of one statement may take in memory: the host holds them all at once.
const MAX_RESULT_BYTES: usize = 64 << 20;

/// A connection that a component opened.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the bindings export it again")]
pub struct GuestConnection(Arc<Lease>);

struct Lease {
    database: Arc<Database>,
    /// Taken out when the lease ends, never before.
    connection: Mutex<Option<Connection>>,
}

impl Drop for Lease {
    fn drop(&mut self) {
        let connection = self
            .connection
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(connection) = connection {
            self.database.give_back(connection);
        }
    }
}

impl GuestConnection {
    pub(super) fn open(database: &Arc<Database>) -> Result<Self, Error> {
        let connection = Mutex::new(Some(database.take().map_err(to_error)?));
        Ok(Self(Arc::new(Lease {
            database: Arc::clone(database),
            connection,
        })))
    }

    /// Runs one statement to its end.
    pub(super) async fn execute(
        &self,
        statement: String,
        parameters: Vec<Value>,
    ) -> Result<QueryResult, Error> {
        let deadline = Instant::now() + BUSY_TIMEOUT;
        let mut pause = Duration::from_millis(1);
        loop {
            let result = self.with(|connection| execute(connection, &statement, &parameters));
            match result {
                // SQLite's own way to wait would hold a thread that the lock's holder may need.
                Err(error) if is_busy(&error) && Instant::now() < deadline => {
                    // Another process's lock is let go of without a word.
                    _ = tokio::time::timeout(pause, self.0.database.unlocked.notified()).await;
                    pause = (pause * 2).min(MAX_PAUSE);
                }
                result => {
                    self.0.database.unlocked.notify_one();
                    return result.map_err(to_error);
                }
            }
        }
    }

    pub(super) fn last_insert_rowid(&self) -> i64 {
        self.with(Connection::last_insert_rowid)
    }

    pub(super) fn changes(&self) -> u64 {
        self.with(|connection| connection.sqlite.changes())
    }

    fn with<R>(&self, action: impl FnOnce(&Connection) -> R) -> R {
        let connection: MutexGuard<'_, Option<Connection>> = self
            .0
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        action(
            connection
                .as_ref()
                .expect("a connection stays in its lease until that is dropped"),
        )
    }
}

fn execute(
    connection: &Connection,
    statement: &str,
    parameters: &[Value],
) -> rusqlite::Result<QueryResult> {
    connection.limit_time(STATEMENT_TIMEOUT);
    let mut statement = connection.sqlite.prepare_cached(statement)?;
    let columns: Vec<String> = statement
        .column_names()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let mut rows = Vec::new();
    let mut bytes = 0;
    let mut cursor = statement.query(rusqlite::params_from_iter(parameters))?;
    while let Some(row) = cursor.next()? {
        let values = (0..columns.len())
            .map(|column| row.get_ref(column).map(Value::from))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        bytes += values.iter().map(size).sum::<usize>();
        if bytes > MAX_RESULT_BYTES {
            return Err(rusqlite::Error::ToSqlConversionFailure(
                format!("the result is larger than {MAX_RESULT_BYTES} bytes; ask for fewer rows")
                    .into(),
            ));
        }
        rows.push(RowResult { values });
    }
    Ok(QueryResult { columns, rows })
}

fn is_busy(error: &rusqlite::Error) -> bool {
    // A transaction that read before another wrote can never write: waiting is of no use.
    let hopeless = error
        .sqlite_error()
        .is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_BUSY_SNAPSHOT);
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && !hopeless
}

fn to_error(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::DatabaseFull,
        Some(ErrorCode::OperationInterrupted) => Error::Io(format!(
            "the statement took longer than {STATEMENT_TIMEOUT:?}"
        )),
        _ => Error::Io(error.to_string()),
    }
}

fn size(value: &Value) -> usize {
    let beside = match value {
        Value::Text(text) => text.len(),
        Value::Blob(blob) => blob.len(),
        Value::Integer(_) | Value::Real(_) | Value::Null => 0,
    };
    size_of::<Value>() + beside
}

impl From<ValueRef<'_>> for Value {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(integer) => Self::Integer(integer),
            ValueRef::Real(real) => Self::Real(real),
            ValueRef::Text(text) => Self::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(blob) => Self::Blob(blob.to_vec()),
        }
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(integer) => ValueRef::Integer(*integer),
            Self::Real(real) => ValueRef::Real(*real),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(blob) => ValueRef::Blob(blob),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixture {
        database: Arc<Database>,
        dir: tempfile::TempDir,
    }

    impl Fixture {
        async fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let database = Arc::new(Database::open(&dir.path().join("default.db")).unwrap());
            let fixture = Self { database, dir };
            fixture
                .run("CREATE TABLE t (a INTEGER PRIMARY KEY, b)")
                .await
                .unwrap();
            fixture
        }

        fn open(&self) -> GuestConnection {
            GuestConnection::open(&self.database).unwrap()
        }

        async fn run(&self, statement: &str) -> Result<QueryResult, Error> {
            self.open().execute(statement.to_owned(), vec![]).await
        }
    }

    #[tokio::test]
    async fn every_type_of_value_comes_back() {
        let fixture = Fixture::new().await;
        let values = vec![
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(0.5),
            Value::Text("é\0".to_owned()),
            Value::Blob(vec![0, 255]),
        ];
        let result = fixture
            .open()
            .execute("SELECT ?, ?, ?, ?, ?".to_owned(), values.clone())
            .await
            .unwrap();
        assert_eq!(
            format!("{:?}", result.rows[0].values),
            format!("{values:?}")
        );
    }

    #[tokio::test]
    async fn a_connection_knows_only_its_own_inserts() {
        let fixture = Fixture::new().await;
        let (one, other) = (fixture.open(), fixture.open());
        one.execute("INSERT INTO t VALUES (7, 'x')".to_owned(), vec![])
            .await
            .unwrap();
        assert_eq!((one.last_insert_rowid(), one.changes()), (7, 1));
        assert_eq!(other.last_insert_rowid(), 0);
        drop(one);
        assert_eq!(fixture.open().last_insert_rowid(), 0);
    }

    #[tokio::test]
    async fn what_was_not_committed_is_gone_with_its_connection() {
        let fixture = Fixture::new().await;
        let connection = fixture.open();
        for statement in [
            "BEGIN IMMEDIATE",
            "INSERT INTO t VALUES (1, 'x')",
            "CREATE TEMP TABLE mine (a)",
        ] {
            connection
                .execute(statement.to_owned(), vec![])
                .await
                .unwrap();
        }
        drop(connection);
        assert!(
            fixture
                .run("SELECT * FROM t")
                .await
                .unwrap()
                .rows
                .is_empty()
        );
        assert!(fixture.run("SELECT * FROM mine").await.is_err());
    }

    #[tokio::test]
    async fn a_writer_waits_for_another() {
        let fixture = Fixture::new().await;
        let holder = fixture.open();
        holder
            .execute("BEGIN IMMEDIATE".to_owned(), vec![])
            .await
            .unwrap();
        let waiter = fixture.run("INSERT INTO t VALUES (1, 'x')");
        let commit = async {
            tokio::time::sleep(Duration::from_millis(30)).await;
            holder.execute("COMMIT".to_owned(), vec![]).await
        };
        let (waited, committed) = tokio::join!(waiter, commit);
        waited.unwrap();
        committed.unwrap();
    }

    #[tokio::test]
    async fn no_other_file_is_reached() {
        let fixture = Fixture::new().await;
        let other = fixture.dir.path().join("other.db");
        let path = other.display();
        for statement in [
            format!("ATTACH '{path}' AS x"),
            format!("ATTACH ('{path}' || '') AS x"),
            format!("VACUUM INTO '{path}'"),
            format!("PRAGMA temp_store_directory = '{path}'"),
            "SELECT load_extension('x')".to_owned(),
        ] {
            assert!(fixture.run(&statement).await.is_err(), "{statement}");
        }
        assert!(!other.exists());
        fixture.run("VACUUM").await.unwrap();
    }

    #[tokio::test]
    async fn too_many_rows_are_refused() {
        let fixture = Fixture::new().await;
        let rows = |count: usize| {
            format!(
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < {count}) SELECT zeroblob(1048576) FROM c"
            )
        };
        assert_eq!(fixture.run(&rows(63)).await.unwrap().rows.len(), 63);
        assert!(fixture.run(&rows(64)).await.is_err());
    }
}
