//! The tables, and how a database gets them.

use spin_sdk::sqlite::Connection;

use super::row::Row;
use super::{HistoryError, query};
use crate::log;

/// The scripts in order; a database has had as many as its `user_version` says. One that has been released is
/// never changed again: add another. Their statements must bear being run twice, since two instances may find
/// the same old version at once and neither can keep the other out.
const SCRIPTS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("loops.sql"),
    include_str!("watching.sql"),
    include_str!("cancelling.sql"),
    include_str!("contexts.sql"),
    include_str!("called_off.sql"),
    include_str!("tenants.sql"),
    include_str!("ended.sql"),
    include_str!("inputs.sql"),
];

/// Prepares a new connection, and the database where it is not up to date.
pub(super) async fn migrate(db: &Connection) -> Result<(), HistoryError> {
    // No execution is lost when the process is killed; the last ones may be when the power fails. Waiting for
    // the disk at each statement would cost more than the run.
    prefer(db, "PRAGMA synchronous = NORMAL").await;
    let rows = query(db, "read version", "PRAGMA user_version", []).await?;
    let version: usize = rows.first().map_or(Ok(0), |row| Row(row).get(0))?;
    if version >= SCRIPTS.len() {
        return Ok(());
    }
    // Readers and a writer side by side.
    prefer(db, "PRAGMA journal_mode = WAL").await;
    for statement in SCRIPTS[version..]
        .iter()
        .flat_map(|script| script.split("\n\n"))
    {
        query(db, "migrate", statement, []).await?;
    }
    query(
        db,
        "set version",
        &format!("PRAGMA user_version = {}", SCRIPTS.len()),
        [],
    )
    .await?;
    Ok(())
}

/// A host that keeps its databases in some way of its own may refuse to be told how.
async fn prefer(db: &Connection, pragma: &str) {
    if let Err(error) = query(db, "prepare", pragma, []).await {
        log::warn(error);
    }
}
