//! Sessions, executions and attempts in SQLite: what happened, and what is happening.
//!
//! Every write is one statement, since a host may let other instances in between two.

mod called_off;
mod calls;
mod cancelling;
mod changes;
mod contexts;
mod ended;
mod filter;
mod lease;
mod loops;
mod migrate;
mod overview;
mod owner;
mod read;
mod row;
mod search;
mod told;
mod write;

use std::sync::OnceLock;

use spin_sdk::sqlite::{Connection, RowResult, Value};

use crate::log;
use crate::tenant::Tenant;

pub use cancelling::ON_REQUEST;
pub use ended::{BOUNDS, Open, Tally};
pub use lease::{RENEW_EVERY, lease_from};
pub use told::Told;
pub use write::{Begun, Deleted, Ended};

/// Why the history can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The database refused.
    #[error("history: {phase}: {source}")]
    Database {
        /// What was being done.
        phase: &'static str,
        /// What the host says.
        source: spin_sdk::sqlite::Error,
    },
    /// A row does not hold what this version writes.
    #[error("history: column {column} holds something else than expected")]
    Row {
        /// From 0.
        column: usize,
    },
}

/// The connection, kept for as long as the instance lives: opening it costs more than a statement, and closing
/// it, which may write the whole log back into the database, would keep an answer waiting.
static CONNECTION: OnceLock<Connection> = OnceLock::new();

/// The history, open. What is read of it is one tenant's.
#[derive(Clone)]
pub struct History {
    db: &'static Connection,
    tenant: Tenant,
}

impl History {
    /// Opens the database for a tenant, and brings its tables up to date the first time.
    pub async fn open(tenant: &Tenant) -> Result<Self, HistoryError> {
        let tenant = tenant.clone();
        if let Some(db) = CONNECTION.get() {
            return Ok(Self { db, tenant });
        }
        let db = Connection::open_default()
            .await
            .map_err(|source| HistoryError::Database {
                phase: "open",
                source,
            })?;
        migrate::migrate(&db).await?;
        // Another request may have been as quick; either connection will do.
        Ok(Self {
            db: CONNECTION.get_or_init(|| db),
            tenant,
        })
    }

    /// What the ids of this tenant's sessions begin with.
    fn owner(&self) -> Value {
        owner::owner(&self.tenant).into()
    }

    async fn query(
        &self,
        phase: &'static str,
        statement: &str,
        parameters: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<RowResult>, HistoryError> {
        query(self.db, phase, statement, parameters).await
    }
}

/// Complains of what could not be written: it costs the caller nothing but the record.
pub fn note(written: Result<(), HistoryError>) {
    if let Err(error) = written {
        log::warn(error);
    }
}

/// Runs one statement and fetches all it gives.
async fn query(
    db: &Connection,
    phase: &'static str,
    statement: &str,
    parameters: impl IntoIterator<Item = Value>,
) -> Result<Vec<RowResult>, HistoryError> {
    let failed = |source| HistoryError::Database { phase, source };
    let result = db.execute(statement, parameters).await.map_err(failed)?;
    result.collect().await.map_err(failed)
}
