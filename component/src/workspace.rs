//! A session's workspace in the store.

use std::borrow::Cow;

use api::SessionKey;
use serde::{Deserialize, Serialize};

use crate::catalogue::{CHUNK_BYTES, Catalogue, Change, Entry, Stored, chunk_key};
use crate::store::{Store, StoreError, Swapped};

/// Values that are asked for, written or deleted in one go: 4 MiB. Some stores take no more than 25.
const CHUNKS_AT_ONCE: usize = 16;
/// How often a change is tried again that others came before.
const MOST_TRIES: usize = 1000;

/// Why a workspace could not be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A value is not what was written there.
    #[error("the workspace is damaged: {0}")]
    Damaged(String),
    /// The session was deleted while a program ran in it.
    #[error("the session was deleted meanwhile")]
    Deleted,
    /// Others never stopped changing it.
    #[error("too many write to this workspace at once")]
    Contended,
}

/// The value under a workspace's key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Head<'a> {
    Here(Cow<'a, Catalogue>),
    /// A catalogue that is larger than a value may be.
    Elsewhere(Stored),
}

/// A workspace as it was found.
struct Found {
    catalogue: Catalogue,
    /// Where it is, if it is larger than a value may be.
    elsewhere: Option<Stored>,
}

/// A change before its bytes are in the store.
#[derive(Debug, PartialEq, Eq)]
pub enum Write<'a> {
    /// A file's new bytes.
    Bytes {
        /// All of them.
        bytes: &'a [u8],
        /// When they were written.
        modified: i64,
    },
    /// Anything else.
    Plain(Change),
}

/// A workspace.
pub struct Workspace<'a, S> {
    store: &'a S,
    session: SessionKey,
    /// Makes a name that was never used before.
    new_id: fn() -> String,
}

impl<'a, S: Store> Workspace<'a, S> {
    /// The workspace of a session, which need not exist.
    pub fn new(store: &'a S, session: &SessionKey, new_id: fn() -> String) -> Self {
        Self {
            store,
            session: session.clone(),
            new_id,
        }
    }

    /// What is in it; nothing if there is none.
    pub fn read(&self) -> Result<Option<Catalogue>, WorkspaceError> {
        Ok(self.find()?.map(|found| found.catalogue))
    }

    fn find(&self) -> Result<Option<Found>, WorkspaceError> {
        let head = self.store.get(&[self.head_key()])?.pop().flatten();
        self.parse(head)
    }

    /// A file's bytes, from one offset to another.
    pub fn read_part(
        &self,
        file: &Stored,
        start: u64,
        end: u64,
        mut take: impl FnMut(&[u8]) -> bool,
    ) -> Result<(), WorkspaceError> {
        let damaged = || WorkspaceError::Damaged(format!("the bytes `{}` are gone", file.id));
        if file.is_inline() {
            let bytes = file.inline().ok_or_else(damaged)?;
            let part = bytes
                .get(start as usize..end as usize)
                .ok_or_else(damaged)?;
            take(part);
            return Ok(());
        }
        let keys = file.keys(&self.session);
        let (first, last) = (start / CHUNK_BYTES, end.div_ceil(CHUNK_BYTES));
        let keys = &keys[first as usize..last as usize];
        let mut at = first * CHUNK_BYTES;
        for keys in keys.chunks(CHUNKS_AT_ONCE) {
            for chunk in self.store.get(keys)? {
                let chunk = chunk.ok_or_else(damaged)?;
                let from = start.saturating_sub(at).min(chunk.len() as u64);
                let to = (end - at).min(chunk.len() as u64);
                if !take(&chunk[from as usize..to as usize]) {
                    return Ok(());
                }
                at += CHUNK_BYTES;
            }
        }
        Ok(())
    }

    /// All of a file's bytes.
    pub fn read_file(&self, file: &Stored) -> Result<Vec<u8>, WorkspaceError> {
        let mut bytes = Vec::with_capacity(file.size as usize);
        self.read_part(file, 0, file.size, |part| {
            bytes.extend_from_slice(part);
            true
        })?;
        if bytes.len() as u64 != file.size {
            let what = format!("`{}` has {} bytes", file.id, bytes.len());
            return Err(WorkspaceError::Damaged(what));
        }
        Ok(bytes)
    }

    /// Makes bytes ready to be named, whole or a piece at a time.
    pub fn writer(&self) -> Writer<'_, 'a, S> {
        Writer {
            workspace: self,
            id: (self.new_id)(),
            size: 0,
            pending: Vec::new(),
            ready: Vec::new(),
            chunks: 0,
        }
    }

    /// Writes what a run changed, over whatever others wrote meanwhile. `existed` says whether there was a workspace
    /// when the run began: one that has been deleted since is not made anew.
    pub fn commit(
        &self,
        writes: Vec<(String, Write<'_>)>,
        existed: bool,
        has_room_inside: bool,
        now: i64,
    ) -> Result<Catalogue, WorkspaceError> {
        let mut changes = Vec::with_capacity(writes.len());
        for (path, write) in writes {
            let change = match write {
                Write::Plain(change) => change,
                Write::Bytes { bytes, modified } => {
                    let file = Stored::new((self.new_id)(), bytes.len() as u64, modified);
                    let inline = file.clone().with_inline(bytes);
                    let stored = if has_room_inside && inline.is_inline() {
                        inline
                    } else {
                        let mut writer = self.writer();
                        writer.write(bytes)?;
                        writer.finish(modified)?
                    };
                    Change::Put(Entry::File(stored))
                }
            };
            changes.push((path, change));
        }
        let committed = self.change(existed, now, |catalogue| {
            catalogue.apply(changes.iter().cloned(), now);
        });
        if committed.is_err() {
            // Nobody will ever name these bytes.
            let written = changes.iter().filter_map(|(_, change)| match change {
                Change::Put(Entry::File(file)) => Some(file),
                _ => None,
            });
            self.discard(written)?;
        }
        committed
    }

    /// Deletes a workspace; says whether there was one.
    pub fn delete(&self) -> Result<bool, WorkspaceError> {
        let Some(Found {
            catalogue,
            elsewhere,
        }) = self.find()?
        else {
            return Ok(false);
        };
        // First what others find it by: a run that ends now finds it deleted.
        self.store.delete(vec![self.head_key(), self.count_key()])?;
        self.discard(catalogue.all_blobs().iter().chain(&elsewhere))?;
        Ok(true)
    }

    /// Deletes bytes.
    pub fn discard<'b>(
        &self,
        files: impl IntoIterator<Item = &'b Stored>,
    ) -> Result<(), WorkspaceError> {
        let keys: Vec<_> = files
            .into_iter()
            .flat_map(|file| file.keys(&self.session))
            .collect();
        for keys in keys.chunks(CHUNKS_AT_ONCE) {
            self.store.delete(keys.to_vec())?;
        }
        Ok(())
    }

    fn change(
        &self,
        existed: bool,
        now: i64,
        change: impl Fn(&mut Catalogue),
    ) -> Result<Catalogue, WorkspaceError> {
        let (mut seen, mut head) = self.store.look(&self.head_key())?;
        if head.is_none() && !existed && self.store.count(&self.count_key())? > 1 {
            // Another is making it. A swap could write over what that one writes, so it goes first.
            (seen, head) = self.wait_for_head()?;
        }
        for _ in 0..MOST_TRIES {
            let (mut catalogue, old) = match self.parse(head)? {
                Some(found) => (found.catalogue, found.elsewhere),
                None if existed => return Err(WorkspaceError::Deleted),
                None => (Catalogue::default(), None),
            };
            change(&mut catalogue);
            let expired = catalogue.expire(now);
            let (value, elsewhere) = self.encode(&catalogue, now)?;
            match self.store.swap(seen, &value)? {
                Swapped::Done => {
                    self.discard(expired.iter().chain(&old))?;
                    return Ok(catalogue);
                }
                Swapped::Changed(newest) => {
                    self.discard(&elsewhere)?;
                    head = self.store.look_again(&newest)?;
                    seen = newest;
                }
            }
        }
        Err(WorkspaceError::Contended)
    }

    /// Looks until the one who makes the workspace has made it, or has had time enough to.
    fn wait_for_head(&self) -> Result<(S::Seen, Option<Vec<u8>>), WorkspaceError> {
        const LOOKS: usize = 2000;
        let mut looked = self.store.look(&self.head_key())?;
        for _ in 0..LOOKS {
            if looked.1.is_some() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
            looked = self.store.look(&self.head_key())?;
        }
        Ok(looked)
    }

    fn parse(&self, head: Option<Vec<u8>>) -> Result<Option<Found>, WorkspaceError> {
        let damaged = |error: serde_json::Error| WorkspaceError::Damaged(error.to_string());
        let Some(head) = head else {
            return Ok(None);
        };
        Ok(Some(
            match serde_json::from_slice(&head).map_err(damaged)? {
                Head::Here(catalogue) => Found {
                    catalogue: catalogue.into_owned(),
                    elsewhere: None,
                },
                Head::Elsewhere(stored) => Found {
                    catalogue: serde_json::from_slice(&self.read_file(&stored)?)
                        .map_err(damaged)?,
                    elsewhere: Some(stored),
                },
            },
        ))
    }

    /// The value under the workspace's key, and what it names if it is not the catalogue itself.
    fn encode(
        &self,
        catalogue: &Catalogue,
        now: i64,
    ) -> Result<(Vec<u8>, Option<Stored>), WorkspaceError> {
        let encode = |head: &Head<'_>| serde_json::to_vec(head).expect("plain data serialises");
        let here = encode(&Head::Here(Cow::Borrowed(catalogue)));
        if here.len() as u64 <= CHUNK_BYTES {
            return Ok((here, None));
        }
        let mut writer = self.writer();
        writer.write(&serde_json::to_vec(catalogue).expect("plain data serialises"))?;
        let stored = writer.finish(now)?;
        Ok((encode(&Head::Elsewhere(stored.clone())), Some(stored)))
    }

    fn head_key(&self) -> String {
        format!("workspace:{}", self.session.as_str())
    }

    fn count_key(&self) -> String {
        format!("workspace:{}:made", self.session.as_str())
    }
}

/// Bytes on their way into the store.
pub struct Writer<'w, 'a, S> {
    workspace: &'w Workspace<'a, S>,
    id: String,
    size: u64,
    pending: Vec<u8>,
    ready: Vec<(String, Vec<u8>)>,
    chunks: u64,
}

impl<S: Store> Writer<'_, '_, S> {
    /// How many there are so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// More of them.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), WorkspaceError> {
        self.size += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = CHUNK_BYTES as usize - self.pending.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() as u64 == CHUNK_BYTES {
                self.chunk();
                if self.ready.len() == CHUNKS_AT_ONCE {
                    self.send()?;
                }
            }
        }
        Ok(())
    }

    /// All are there.
    pub fn finish(mut self, modified: i64) -> Result<Stored, WorkspaceError> {
        if !self.pending.is_empty() {
            self.chunk();
        }
        self.send()?;
        Ok(Stored::new(self.id, self.size, modified))
    }

    /// They are not wanted any more.
    pub fn abandon(self) -> Result<(), WorkspaceError> {
        let written = Stored::new(self.id, self.chunks * CHUNK_BYTES, 0);
        self.workspace.discard([&written])
    }

    fn chunk(&mut self) {
        let key = chunk_key(&self.workspace.session, &self.id, self.chunks);
        self.ready.push((key, std::mem::take(&mut self.pending)));
        self.chunks += 1;
    }

    fn send(&mut self) -> Result<(), WorkspaceError> {
        let ready = std::mem::take(&mut self.ready);
        if ready.is_empty() {
            return Ok(());
        }
        Ok(self.workspace.store.set(ready)?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::store::memory::Memory;

    fn new_id() -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed).to_string()
    }

    fn workspace(store: &Memory) -> Workspace<'_, Memory> {
        Workspace::new(store, &SessionKey::parse("s").unwrap(), new_id)
    }

    fn bytes<'a>(path: &str, bytes: &'a [u8]) -> (String, Write<'a>) {
        let modified = 5;
        (path.to_owned(), Write::Bytes { bytes, modified })
    }

    fn contents(workspace: &Workspace<'_, Memory>, path: &str) -> Vec<u8> {
        let catalogue = workspace.read().unwrap().unwrap();
        let Entry::File(file) = &catalogue.entries[path] else {
            panic!("`{path}` is no file");
        };
        workspace.read_file(file).unwrap()
    }

    #[test]
    fn a_large_file_is_split_and_read_in_parts() {
        let store = Memory::default();
        let workspace = workspace(&store);
        let large: Vec<u8> = (0..3 * CHUNK_BYTES + 7).map(|n| (n % 251) as u8).collect();
        workspace
            .commit(vec![bytes("large", &large)], false, true, 1)
            .unwrap();
        assert_eq!(contents(&workspace, "large"), large);
        let longest = store.values.borrow().values().map(Vec::len).max().unwrap();
        assert!(longest as u64 <= CHUNK_BYTES, "{longest}");

        let catalogue = workspace.read().unwrap().unwrap();
        let Entry::File(file) = &catalogue.entries["large"] else {
            panic!("no file");
        };
        let (start, end) = (CHUNK_BYTES - 3, 2 * CHUNK_BYTES + 5);
        let mut part = Vec::new();
        let take = |bytes: &[u8]| {
            part.extend_from_slice(bytes);
            true
        };
        workspace.read_part(file, start, end, take).unwrap();
        assert_eq!(part, large[start as usize..end as usize]);
    }

    #[test]
    fn of_two_runs_each_keeps_its_files_and_the_last_writer_wins() {
        let store = Memory::default();
        let (one, other) = (workspace(&store), workspace(&store));
        one.commit(
            vec![bytes("a", b"one"), bytes("both", b"one")],
            false,
            true,
            1,
        )
        .unwrap();
        other
            .commit(
                vec![bytes("b", b"other"), bytes("both", b"other")],
                true,
                true,
                2,
            )
            .unwrap();
        for (path, expected) in [("a", "one"), ("b", "other"), ("both", "other")] {
            assert_eq!(contents(&one, path), expected.as_bytes(), "{path}");
        }
    }

    #[test]
    fn a_catalogue_of_many_files_is_split_as_well() {
        let store = Memory::default();
        let workspace = workspace(&store);
        let names: Vec<_> = (0..10_000).map(|n| format!("folder/file-{n}")).collect();
        let writes = names.iter().map(|name| bytes(name, b"")).collect();
        workspace.commit(writes, false, true, 1).unwrap();
        workspace
            .commit(vec![bytes("one more", b"")], true, true, 1)
            .unwrap();
        let catalogue = workspace.read().unwrap().unwrap();
        assert_eq!(catalogue.entries.len(), 10_002);
        let longest = store.values.borrow().values().map(Vec::len).max().unwrap();
        assert!(longest as u64 <= CHUNK_BYTES, "{longest}");
    }

    #[test]
    fn a_deleted_workspace_leaves_nothing_and_is_not_made_anew() {
        let store = Memory::default();
        let workspace = workspace(&store);
        let large = vec![1; 2 * CHUNK_BYTES as usize];
        workspace
            .commit(vec![bytes("large", &large)], false, true, 1)
            .unwrap();
        assert!(workspace.delete().unwrap());
        assert!(store.values.borrow().is_empty());
        let late = workspace.commit(vec![bytes("late", &large)], true, true, 1);
        assert!(matches!(late, Err(WorkspaceError::Deleted)), "{late:?}");
        assert!(store.values.borrow().is_empty());
        assert!(!workspace.delete().unwrap());
    }
}
