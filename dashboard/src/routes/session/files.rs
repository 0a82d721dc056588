//! The files of a session: all of them, page after page, and read anew when something may have changed them.

use std::sync::Arc;

use api::SessionId;
use api::client::{Client, ClientError, PageOf};
use api::files::FileEntry;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::connection::{Connection, Problem};

/// The most that the server gives at once.
const PAGE: u32 = 200;
/// So many can be read while a person waits.
const FEW: u64 = 1000;
/// More files than a workspace may have, unless the operator wants it so; what is beyond is counted, and not listed.
const MOST: usize = 20_000;

/// What is known of the files.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    /// Ordered by path.
    pub(super) entries: Arc<Vec<FileEntry>>,
    /// Files in all, listed or not.
    pub(super) total_files: u64,
    pub(super) total_bytes: u64,
    /// Whether all that will be listed is.
    pub(super) is_whole: bool,
}

/// The files of a session, kept up to date.
#[derive(Clone, Copy)]
pub(super) struct Files {
    session: StoredValue<SessionId>,
    listing: RwSignal<Option<Listing>>,
    problem: RwSignal<Option<Problem>>,
    reading: StoredValue<bool>,
    stale: StoredValue<bool>,
    connection: Connection,
}

impl Files {
    pub(super) fn of(session: SessionId) -> Self {
        let files = Self {
            session: StoredValue::new(session),
            listing: RwSignal::new(None),
            problem: RwSignal::new(None),
            reading: StoredValue::new(false),
            stale: StoredValue::new(false),
            connection: Connection::of_page(),
        };
        files.refresh();
        files
    }

    pub(super) fn session(self) -> SessionId {
        self.session.get_value()
    }

    pub(super) fn connection(self) -> Connection {
        self.connection
    }

    /// What is known, where anything is.
    pub(super) fn with<R>(self, look: impl FnOnce(Option<&Listing>) -> R) -> R {
        self.listing.with(|listing| look(listing.as_ref()))
    }

    /// Whether they come in a few pages, so that they can be asked for often.
    pub(super) fn are_few(self) -> bool {
        self.listing.with_untracked(|listing| {
            listing
                .as_ref()
                .is_some_and(|listing| listing.total_files <= FEW)
        })
    }

    /// Why the last reading failed.
    pub(super) fn problem(self) -> Option<Problem> {
        self.problem.get()
    }

    /// The file of this path.
    pub(super) fn entry(self, path: &str) -> Option<FileEntry> {
        self.with(|listing| {
            let entries = &listing?.entries;
            let at = entries.binary_search_by(|entry| entry.path.as_str().cmp(path));
            Some(entries[at.ok()?].clone())
        })
    }

    /// Reads them again; while that is under way already, once more after it.
    pub(super) fn refresh(self) {
        if self.reading.get_value() {
            return self.stale.set_value(true);
        }
        self.reading.set_value(true);
        spawn_local(async move {
            loop {
                let read = self.read().await;
                // The page may be gone.
                let Some(stale) = self.stale.try_update_value(std::mem::take) else {
                    return;
                };
                self.problem
                    .set(read.err().map(|error| self.connection.problem(&error)));
                if !stale {
                    break;
                }
            }
            self.reading.set_value(false);
        });
    }

    async fn read(self) -> Result<(), ClientError> {
        let (Some(session), client) = (self.session.try_get_value(), self.connection.client_now())
        else {
            return Ok(());
        };
        // The first time they are shown as they come; later the old ones stay until the new ones are all there.
        let is_first = self.listing.try_with_untracked(Option::is_none);
        let listing = list(&client, &session, |listing| {
            if is_first == Some(true) {
                self.listing.set(Some(listing.clone()));
            }
        })
        .await?;
        self.listing.set(Some(listing));
        Ok(())
    }

    /// The files as they are now, for those who must know. They are shown too.
    pub(super) async fn now(self) -> Result<Arc<Vec<FileEntry>>, ClientError> {
        let session = self.session.get_value();
        let listing = list(&self.connection.client_now(), &session, |_| {}).await?;
        let entries = Arc::clone(&listing.entries);
        self.listing.set(Some(listing));
        Ok(entries)
    }
}

/// All pages of the list; `so_far` sees each as it comes.
async fn list(
    client: &Client,
    session: &SessionId,
    so_far: impl Fn(&Listing),
) -> Result<Listing, ClientError> {
    let mut listing = Listing::default();
    let mut page = PageOf {
        limit: Some(PAGE),
        cursor: None,
    };
    loop {
        let files = client.files(session, &page).await?;
        Arc::make_mut(&mut listing.entries).extend(files.files);
        listing.total_files = files.total_files;
        listing.total_bytes = files.total_bytes;
        page.cursor = files.next_cursor;
        listing.is_whole = page.cursor.is_none() || listing.entries.len() >= MOST;
        if listing.is_whole {
            // As they are searched, whatever the server's order was.
            Arc::make_mut(&mut listing.entries).sort_unstable_by(|a, b| a.path.cmp(&b.path));
            return Ok(listing);
        }
        so_far(&listing);
    }
}
