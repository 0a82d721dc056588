//! The tables, and how a database gets them.

use std::sync::atomic::{AtomicBool, Ordering};

use super::row::Row;
use super::{History, HistoryError};

/// The scripts in order; a database has had as many as its `user_version` says. One that has been released is
/// never changed again: add another. Their statements must bear being run twice, since two instances may find
/// the same old version at once and neither can keep the other out.
const SCRIPTS: [&str; 1] = [include_str!("schema.sql")];

/// Whether this instance has looked; it need not look at every request.
static CURRENT: AtomicBool = AtomicBool::new(false);

impl History {
    pub(super) async fn migrate(&self) -> Result<(), HistoryError> {
        if CURRENT.load(Ordering::Relaxed) {
            return Ok(());
        }
        let rows = self.query("read version", "PRAGMA user_version", []).await?;
        let version: usize = rows.first().map_or(Ok(0), |row| Row(row).get(0))?;
        if version < SCRIPTS.len() {
            // Readers and a writer side by side. A host that keeps its database otherwise may refuse.
            if let Err(error) = self.query("set journal mode", "PRAGMA journal_mode = WAL", []).await {
                eprintln!("{error}");
            }
            for statement in SCRIPTS[version..].iter().flat_map(|script| script.split("\n\n")) {
                self.query("migrate", statement, []).await?;
            }
            self.query("set version", &format!("PRAGMA user_version = {}", SCRIPTS.len()), []).await?;
        }
        CURRENT.store(true, Ordering::Relaxed);
        Ok(())
    }
}
