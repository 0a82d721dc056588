//! What is kept of a workspace under one key: every file's name, and where its bytes are.
//!
//! A file's bytes are written once, under a name of their own, and never changed: whoever has read a catalogue can read
//! what it names, whatever others write meanwhile. Who writes a file writes new bytes, and then a catalogue that names
//! them. What no catalogue names any more is kept for a while for those who still read it.

use std::collections::{BTreeMap, BTreeSet};

use api::SessionKey;
use api::files::{FileEntry, FileInfo};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use service::download::content_type;
use service::quota::Usage;

/// Bytes of one value in the store. The strictest of the stores that Spin has takes 400 KB, with the key.
pub const CHUNK_BYTES: u64 = 256 << 10;
/// A file of this size is kept in the catalogue itself, which saves a value of its own: most scripts are smaller.
const INLINE_BYTES: usize = 4 << 10;
/// All files that are kept there: a catalogue is read and written by each run.
const ALL_INLINE_BYTES: usize = 64 << 10;
/// How long bytes are kept that no catalogue names: longer than a run may take.
const RETIRED_MS: i64 = 3_600_000;
/// How many of them: as many as a workspace may hold by default.
const RETIRED_BYTES: u64 = 256 << 20;

/// All of a workspace but the larger files' bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// By path, relative to the workspace.
    pub entries: BTreeMap<String, Entry>,
    /// What nothing names any more, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    retired: Vec<Retired>,
}

/// One name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// A folder.
    Folder,
    /// A symbolic link, with what it points to.
    Link(String),
    /// A file.
    File(Stored),
}

/// A file's bytes, wherever they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// How many.
    pub size: u64,
    /// When they were written, in milliseconds since 1970.
    pub modified: i64,
    /// Their name, which no other bytes ever have.
    pub id: String,
    /// The bytes themselves, in base64, where they are few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inline: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Retired {
    id: String,
    size: u64,
    since: i64,
}

/// A change of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is this now.
    Put(Entry),
    /// It is gone.
    Remove,
}

impl Stored {
    /// New bytes under a name of their own.
    pub fn new(id: String, size: u64, modified: i64) -> Self {
        Self {
            size,
            modified,
            id,
            inline: None,
        }
    }

    /// The same, with the bytes in it, if they are few.
    pub fn with_inline(self, bytes: &[u8]) -> Self {
        let inline = (bytes.len() <= INLINE_BYTES).then(|| BASE64_STANDARD.encode(bytes));
        Self { inline, ..self }
    }

    /// The bytes, where they are in the catalogue; `None` also where they are damaged.
    pub fn inline(&self) -> Option<Vec<u8>> {
        BASE64_STANDARD.decode(self.inline.as_ref()?).ok()
    }

    /// Whether they are in the catalogue.
    pub fn is_inline(&self) -> bool {
        self.inline.is_some()
    }

    /// The keys of these bytes in the store, in order.
    pub fn keys(&self, session: &SessionKey) -> Vec<String> {
        let chunks = match self.is_inline() {
            true => 0,
            false => self.size.div_ceil(CHUNK_BYTES),
        };
        (0..chunks)
            .map(|chunk| chunk_key(session, &self.id, chunk))
            .collect()
    }
}

/// The key of a piece of a file's bytes.
pub fn chunk_key(session: &SessionKey, id: &str, chunk: u64) -> String {
    format!("workspace:{}:{id}:{chunk}", session.as_str())
}

impl Catalogue {
    /// Applies changes, the last writer of a name having the last word: a file takes the place of whatever was there,
    /// and what is put below a file takes that file's place.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = (String, Change)>, now: i64) {
        let before = self.blobs();
        for (path, change) in changes {
            match change {
                Change::Remove => _ = self.entries.remove(&path),
                Change::Put(entry) => {
                    for (at, _) in path.match_indices('/') {
                        let folder = path[..at].to_owned();
                        self.entries
                            .entry(folder)
                            .and_modify(|entry| *entry = Entry::Folder)
                            .or_insert(Entry::Folder);
                    }
                    if entry != Entry::Folder {
                        let below = format!("{path}/");
                        self.entries.retain(|other, _| !other.starts_with(&below));
                    }
                    self.entries.insert(path, entry);
                }
            }
        }
        let after: BTreeSet<_> = self.blobs().into_keys().collect();
        let gone = before.into_iter().filter(|(id, _)| !after.contains(id));
        let gone = gone.map(|(id, size)| Retired {
            id,
            size,
            since: now,
        });
        self.retired.extend(gone);
    }

    /// Takes out what has been kept long enough after nothing named it.
    pub fn expire(&mut self, now: i64) -> Vec<Stored> {
        let mut kept_bytes: u64 = self.retired.iter().map(|old| old.size).sum();
        let mut expired = Vec::new();
        self.retired.retain(|old| {
            let keep = old.since + RETIRED_MS > now && kept_bytes <= RETIRED_BYTES;
            if !keep {
                kept_bytes -= old.size;
                expired.push(Stored::new(old.id.clone(), old.size, old.since));
            }
            keep
        });
        expired
    }

    /// Bytes that are in values of their own, by their name.
    fn blobs(&self) -> BTreeMap<String, u64> {
        let files = self.files().filter(|(_, file)| !file.is_inline());
        files
            .map(|(_, file)| (file.id.clone(), file.size))
            .collect()
    }

    /// Everything that has a value of its own.
    pub fn all_blobs(&self) -> Vec<Stored> {
        let named = self.blobs();
        let retired = self.retired.iter().map(|old| (old.id.clone(), old.size));
        named
            .into_iter()
            .chain(retired)
            .map(|(id, size)| Stored::new(id, size, 0))
            .collect()
    }

    /// Whether more small files may be kept in the catalogue.
    pub fn has_room_inside(&self) -> bool {
        let inside = self.files().filter(|(_, file)| file.is_inline());
        inside.map(|(_, file)| file.size as usize).sum::<usize>() <= ALL_INLINE_BYTES
    }

    fn files(&self) -> impl Iterator<Item = (&String, &Stored)> {
        self.entries.iter().filter_map(|(path, entry)| match entry {
            Entry::File(file) => Some((path, file)),
            _ => None,
        })
    }

    /// How much there is.
    pub fn usage(&self) -> Usage {
        Usage {
            bytes: self.files().map(|(_, file)| file.size).sum(),
            files: self.entries.len() as u64,
        }
    }

    /// Every file, ordered by path, with those marked that `is_changed` says.
    pub fn list(&self, is_changed: impl Fn(&str) -> bool) -> Vec<FileEntry> {
        self.files()
            .map(|(path, file)| FileEntry {
                info: FileInfo {
                    changed: is_changed(path),
                    ..info(path, file)
                },
                path: path.clone(),
            })
            .collect()
    }
}

/// What is known of a file.
pub fn info(path: &str, file: &Stored) -> FileInfo {
    FileInfo {
        size: file.size,
        modified: Timestamp::from_millisecond(file.modified).unwrap_or(Timestamp::UNIX_EPOCH),
        content_type: content_type(path),
        changed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(id: &str, size: u64) -> Entry {
        Entry::File(Stored::new(id.to_owned(), size, 1))
    }

    fn put(path: &str, entry: Entry) -> (String, Change) {
        (path.to_owned(), Change::Put(entry))
    }

    fn names(catalogue: &Catalogue) -> Vec<&str> {
        catalogue.entries.keys().map(String::as_str).collect()
    }

    #[test]
    fn the_last_writer_of_a_name_has_the_last_word() {
        let mut catalogue = Catalogue::default();
        catalogue.apply([put("a/b", file("1", 10))], 0);
        assert_eq!(names(&catalogue), ["a", "a/b"]);
        catalogue.apply([put("a", file("2", 5))], 0);
        assert_eq!(names(&catalogue), ["a"]);
        catalogue.apply([put("a/c", file("3", 1))], 0);
        assert_eq!(catalogue.entries["a"], Entry::Folder);
        assert_eq!(catalogue.usage(), Usage { bytes: 1, files: 2 });
    }

    #[test]
    fn what_nothing_names_is_kept_for_a_while() {
        let mut catalogue = Catalogue::default();
        catalogue.apply([put("a", file("1", 10))], 0);
        catalogue.apply([put("a", file("2", 10))], 1000);
        assert!(catalogue.expire(RETIRED_MS).is_empty());
        let expired = catalogue.expire(1000 + RETIRED_MS);
        assert_eq!(expired.iter().map(|f| &*f.id).collect::<Vec<_>>(), ["1"]);
        assert!(catalogue.expire(i64::MAX).is_empty());
    }

    #[test]
    fn what_is_kept_so_is_bounded() {
        let mut catalogue = Catalogue::default();
        for id in ["1", "2", "3"] {
            catalogue.apply([put("a", file(id, RETIRED_BYTES / 2 + 1))], 0);
        }
        assert_eq!(catalogue.expire(0).len(), 1);
    }

    #[test]
    fn a_renamed_file_keeps_its_bytes() {
        let mut catalogue = Catalogue::default();
        catalogue.apply([put("a", file("1", 10))], 0);
        catalogue.apply(
            [("a".to_owned(), Change::Remove), put("b", file("1", 10))],
            0,
        );
        assert_eq!(names(&catalogue), ["b"]);
        assert!(catalogue.expire(i64::MAX).is_empty());
    }

    #[test]
    fn few_bytes_are_in_the_catalogue() {
        let small = Stored::new("1".to_owned(), 3, 0).with_inline(b"abc");
        assert_eq!(small.inline().as_deref(), Some(&b"abc"[..]));
        let session = SessionKey::parse("s").unwrap();
        assert!(small.keys(&session).is_empty());
        let large = vec![0; INLINE_BYTES + 1];
        let large = Stored::new("1".to_owned(), large.len() as u64, 0).with_inline(&large);
        assert_eq!(large.keys(&session), ["workspace:s:1:0"]);
    }
}
