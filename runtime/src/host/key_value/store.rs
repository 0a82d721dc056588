//! One store: a file, and the one connection that this process has to it.
//!
//! One connection, since a second would read from the disk again what the first has in memory, whenever
//! either has written. A request holds it for a fraction of a millisecond and never waits while it does, so
//! that a lock which blocks its thread is quicker than one that hands itself over to a task that may not run.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{
    Connection, ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params,
};

/// A value has a version besides, which no other has or had: it is a random number. So what a
/// compare-and-swap saw need not be kept or compared. It stands in front of the value, which may be on other
/// pages.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    value BLOB NOT NULL
)";
const GET: &str = "SELECT value FROM entries WHERE key = ?1";
const VERSION: &str = "SELECT version FROM entries WHERE key = ?1";
const CURRENT: &str = "SELECT version, value FROM entries WHERE key = ?1";
const SET: &str = "INSERT INTO entries (key, version, value) VALUES (?1, random(), ?2)
    ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value";
const DELETE: &str = "DELETE FROM entries WHERE key = ?1";
const SWAP_FIRST: &str = "INSERT INTO entries (key, version, value) VALUES (?1, random(), ?2)
    ON CONFLICT (key) DO NOTHING";
const SWAP: &str =
    "UPDATE entries SET version = random(), value = ?2 WHERE key = ?1 AND version = ?3";
const FIRST_KEYS: &str = "SELECT key FROM entries ORDER BY key LIMIT ?1";
const NEXT_KEYS: &str = "SELECT key FROM entries WHERE key > ?2 ORDER BY key LIMIT ?1";

/// Values may be hundreds of kilobytes: with larger pages than SQLite's 4 KiB they are in fewer pieces.
const PAGE_BYTES: u32 = 16 << 10;
/// What is kept in memory of a file.
const CACHE_KIB: i32 = 16 << 10;
/// The log of writes is put into the file when this much was written to it. That waits for the disk, and so
/// is done on a thread of its own, not by whoever wrote last.
const CHECKPOINT_BYTES: usize = 8 << 20;
/// A log this large is put into the file once more while nobody can write, since only one that is there
/// whole begins anew. An empty one keeps as much of the disk.
const LARGE_LOG_BYTES: u32 = 32 << 20;
/// How long an operation waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait, at most, before that is tried again.
const MAX_PAUSE: Duration = Duration::from_millis(20);
/// Keys in one answer.
const PAGE_KEYS: u32 = 1000;
/// Longer than the path of a file; a page of such keys is no larger than a value may be.
const MAX_KEY_BYTES: usize = 64 << 10;
/// A value, or all values of one answer: the host holds them all at once.
const MAX_VALUE_BYTES: usize = 64 << 20;

/// A store that components may open.
pub(in crate::host) struct Store {
    path: Box<Path>,
    connection: Mutex<Connection>,
    /// Bytes written since the log was last put into the file.
    written: AtomicUsize,
    checkpointing: AtomicBool,
}

/// Which write a value came from; none where there is no value.
pub(super) type Version = Option<i64>;

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("the store failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a key may have {MAX_KEY_BYTES} bytes, and this one has {0}")]
    KeyTooLong(usize),
    #[error("a value may have {MAX_VALUE_BYTES} bytes, and this one has {0}")]
    ValueTooLarge(usize),
    #[error("the values have more than {MAX_VALUE_BYTES} bytes together; ask for fewer keys")]
    AnswerTooLarge,
    #[error("the value is not a number: it has {0} bytes, not 8")]
    NotANumber(usize),
    #[error("the number would be too large")]
    Overflow,
}

impl StoreError {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Sqlite(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy))
    }
}

impl Store {
    /// Opens the file, and makes it if need be.
    pub(in crate::host) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        // Only while the file is made: whoever waits for a lock later does so without a thread.
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // In WAL mode this loses nothing when the process dies, only, at worst, the last moments when the
        // machine does.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "journal_size_limit", LARGE_LOG_BYTES)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.execute_batch(SCHEMA)?;
        // What an earlier process left in the log.
        checkpoint(&connection)?;
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self {
            path: path.into(),
            connection: Mutex::new(connection),
            written: AtomicUsize::new(0),
            checkpointing: AtomicBool::new(false),
        })
    }

    pub(super) async fn get(self: &Arc<Self>, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(GET)?;
            Ok(statement.query_row([key], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// The version of a value alone, which costs less than the value.
    pub(super) async fn version(self: &Arc<Self>, key: &str) -> Result<Version, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(VERSION)?;
            Ok(statement.query_row([key], |row| row.get(0)).optional()?)
        })
        .await
    }

    /// A value and its version.
    pub(super) async fn current(
        self: &Arc<Self>,
        key: &str,
    ) -> Result<Option<(i64, Vec<u8>)>, StoreError> {
        self.with(|connection| {
            let mut statement = connection.prepare_cached(CURRENT)?;
            let current = statement.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(current.optional()?)
        })
        .await
    }

    /// Values as they were together at one time, in the order of the keys.
    pub(super) async fn get_many(
        self: &Arc<Self>,
        keys: &[String],
    ) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            let mut bytes = 0;
            let mut statement = transaction.prepare_cached(GET)?;
            keys.iter()
                .map(|key| {
                    let value = statement.query_row([key], |row| row.get(0)).optional()?;
                    bytes += value.as_ref().map_or(0, Vec::len);
                    if bytes > MAX_VALUE_BYTES {
                        return Err(StoreError::AnswerTooLarge);
                    }
                    Ok(value)
                })
                .collect()
        })
        .await
    }

    /// Keys in their order, and whether there are more: those from the beginning, or those after another.
    pub(super) async fn keys(
        self: &Arc<Self>,
        after: Option<&str>,
    ) -> Result<(Vec<String>, bool), StoreError> {
        // One more than are told, to know whether there are more.
        let limit = PAGE_KEYS + 1;
        let mut keys: Vec<String> = self
            .with(|connection| {
                let mut statement = match after {
                    None => connection.prepare_cached(FIRST_KEYS)?,
                    Some(_) => connection.prepare_cached(NEXT_KEYS)?,
                };
                let rows = match after {
                    None => statement.query([limit])?,
                    Some(after) => statement.query(params![limit, after])?,
                };
                Ok(rows.mapped(|row| row.get(0)).collect::<Result<_, _>>()?)
            })
            .await?;
        let more = keys.len() > PAGE_KEYS as usize;
        keys.truncate(PAGE_KEYS as usize);
        Ok((keys, more))
    }

    pub(super) async fn set(self: &Arc<Self>, key: &str, value: &[u8]) -> Result<(), StoreError> {
        check(key, value)?;
        self.with(|connection| {
            connection
                .prepare_cached(SET)?
                .execute(params![key, value])?;
            Ok(())
        })
        .await?;
        self.wrote(value.len());
        Ok(())
    }

    /// Sets all or none.
    pub(super) async fn set_many(
        self: &Arc<Self>,
        entries: &[(String, Vec<u8>)],
    ) -> Result<(), StoreError> {
        for (key, value) in entries {
            check(key, value)?;
        }
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(SET)?;
            for (key, value) in entries {
                statement.execute(params![key, value])?;
            }
            Ok(())
        })
        .await?;
        self.wrote(entries.iter().map(|(_, value)| value.len()).sum());
        Ok(())
    }

    /// Deletes all or none; what is not there is passed over.
    pub(super) async fn delete_many(self: &Arc<Self>, keys: &[String]) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(DELETE)?;
            for key in keys {
                statement.execute([key])?;
            }
            Ok(())
        })
        .await?;
        self.wrote(keys.len());
        Ok(())
    }

    /// Adds to a number of 8 bytes, the lowest first, as Spin keeps it; one that is not there is 0.
    pub(super) async fn increment(
        self: &Arc<Self>,
        key: &str,
        delta: i64,
    ) -> Result<i64, StoreError> {
        check(key, &[])?;
        let sum = self
            .write(|transaction| {
                let bytes: Option<Vec<u8>> = transaction
                    .prepare_cached(GET)?
                    .query_row([key], |row| row.get(0))
                    .optional()?;
                let number = match bytes {
                    None => 0,
                    Some(bytes) => i64::from_le_bytes(
                        bytes[..]
                            .try_into()
                            .map_err(|_| StoreError::NotANumber(bytes.len()))?,
                    ),
                };
                let sum = number.checked_add(delta).ok_or(StoreError::Overflow)?;
                transaction
                    .prepare_cached(SET)?
                    .execute(params![key, sum.to_le_bytes()])?;
                Ok(sum)
            })
            .await?;
        self.wrote(size_of::<i64>());
        Ok(sum)
    }

    /// Sets a value if the one there is still of this version; says whether it was.
    pub(super) async fn swap(
        self: &Arc<Self>,
        key: &str,
        seen: Version,
        value: &[u8],
    ) -> Result<bool, StoreError> {
        check(key, value)?;
        // Each is a single statement, and so a transaction.
        let changed = self
            .with(|connection| {
                let changed = match seen {
                    None => connection
                        .prepare_cached(SWAP_FIRST)?
                        .execute(params![key, value])?,
                    Some(version) => connection
                        .prepare_cached(SWAP)?
                        .execute(params![key, value, version])?,
                };
                Ok(changed)
            })
            .await?;
        self.wrote(value.len());
        Ok(changed == 1)
    }

    /// A transaction that writes from its beginning, and is undone where it fails.
    async fn write<R>(
        &self,
        mut action: impl FnMut(&Transaction<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        self.with(|connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = action(&transaction)?;
            transaction.commit()?;
            Ok(done)
        })
        .await
    }

    /// Does something with the connection, again and again while another process has the file locked.
    async fn with<R>(
        &self,
        mut action: impl FnMut(&mut Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let deadline = Instant::now() + BUSY_TIMEOUT;
        let mut pause = Duration::from_millis(1);
        loop {
            // The lock is given up before the pause.
            let result = action(
                &mut self
                    .connection
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner),
            );
            match result {
                Err(error) if error.is_busy() && Instant::now() < deadline => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(MAX_PAUSE);
                }
                result => return result,
            }
        }
    }

    fn checkpoint(&self) -> rusqlite::Result<()> {
        let own = Connection::open(&self.path)?;
        own.pragma_update(None, "synchronous", "NORMAL")?;
        let pages = checkpoint(&own)?;
        if pages >= LARGE_LOG_BYTES / PAGE_BYTES {
            checkpoint(
                &self
                    .connection
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner),
            )?;
        }
        Ok(())
    }

    /// Counts what was written, and has the log put into the file when it is time.
    fn wrote(self: &Arc<Self>, bytes: usize) {
        let written = self.written.fetch_add(bytes + PAGE_BYTES as usize, Relaxed);
        if written < CHECKPOINT_BYTES || self.checkpointing.swap(true, Relaxed) {
            return;
        }
        self.written.store(0, Relaxed);
        let store = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = store.checkpoint() {
                // Nothing is lost: the log only grows, and it is tried again.
                tracing::warn!(
                    "can't put the log of `{}` into it: {error}",
                    store.path.display()
                );
            }
            store.checkpointing.store(false, Relaxed);
        });
    }
}

/// Puts the log into the file, as far as that makes nobody wait; tells how many pages the log has.
fn checkpoint(connection: &Connection) -> rusqlite::Result<u32> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
}

fn check(key: &str, value: &[u8]) -> Result<(), StoreError> {
    if key.len() > MAX_KEY_BYTES {
        return Err(StoreError::KeyTooLong(key.len()));
    }
    if value.len() > MAX_VALUE_BYTES {
        return Err(StoreError::ValueTooLarge(value.len()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_log_of_writes_does_not_grow_for_ever() {
        const VALUE_BYTES: usize = 256 << 10;
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(&dir.path().join("default.db")).unwrap());
        for round in 0..6u8 {
            for key in 0..64 {
                let value = [round; VALUE_BYTES];
                store.set(&format!("{key}"), &value).await.unwrap();
            }
            while store.checkpointing.load(Relaxed) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let log = std::fs::metadata(dir.path().join("default.db-wal")).unwrap();
        assert!(log.len() < 64 << 20, "{}", log.len());
        assert_eq!(store.get("63").await.unwrap(), Some(vec![5; VALUE_BYTES]));
    }
}
