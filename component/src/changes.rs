//! What a run changed of a workspace: its files as they are now, against the catalogue that it began with.

use std::cell::Ref;
use std::collections::BTreeMap;
use std::rc::Rc;

use api::files::{FileEntry, FileInfo};

use crate::catalogue::{Catalogue, Change, Entry, Stored, info};
use crate::files::{Contents, Kind, Node, Tree};
use crate::system::time::NANOSECONDS_A_MILLISECOND;
use crate::workspace::Write;

/// What is different now, by path.
#[derive(Debug, Default)]
pub struct Changes(BTreeMap<String, What>);

#[derive(Debug)]
enum What {
    /// A file with new bytes.
    Written(Rc<Node>),
    Other(Change),
}

impl Changes {
    /// Compares.
    pub fn of(before: &Catalogue, now: &Tree) -> Self {
        let mut changes = BTreeMap::new();
        let gone = before.entries.keys();
        changes.extend(gone.map(|path| (path.clone(), What::Other(Change::Remove))));
        now.visit(&mut |path, node| {
            let what = match entry(node) {
                None => What::Written(Rc::clone(node)),
                Some(entry) if before.entries.get(path) == Some(&entry) => {
                    changes.remove(path);
                    return;
                }
                Some(entry) => What::Other(Change::Put(entry)),
            };
            changes.insert(path.to_owned(), what);
        });
        Self(changes)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was made, written or removed.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Notes that they are kept: what was written is in the store, and is what later changes are told by. What others
    /// wrote is not: the run never saw it.
    pub fn note_kept(&self, before: &mut Catalogue, kept: &Catalogue) {
        for (path, what) in &self.0 {
            match kept.entries.get(path) {
                Some(entry) => _ = before.entries.insert(path.clone(), entry.clone()),
                None => _ = before.entries.remove(path),
            }
            if let What::Written(node) = what
                && let Some(Entry::File(file)) = kept.entries.get(path)
                && let Ok(contents) = node.contents()
                && let Contents::Here { stored, .. } = &mut *contents.borrow_mut()
            {
                *stored = Some(file.clone());
            }
        }
    }

    /// Hands them to whoever writes them.
    pub fn with_writes<T>(&self, write: impl FnOnce(Vec<(String, Write<'_>)>) -> T) -> T {
        let borrowed: Vec<Option<Ref<'_, Contents>>> = self
            .0
            .values()
            .map(|what| match what {
                What::Written(node) => node.contents().ok().map(|contents| contents.borrow()),
                What::Other(_) => None,
            })
            .collect();
        let writes = self
            .0
            .iter()
            .zip(&borrowed)
            .map(|((path, what), contents)| {
                let write = match (what, contents.as_deref()) {
                    (What::Other(change), _) => Write::Plain(change.clone()),
                    (What::Written(node), contents) => Write::Bytes {
                        bytes: match contents {
                            Some(Contents::Here { bytes, .. }) => bytes,
                            _ => &[],
                        },
                        modified: node.modified.get() / NANOSECONDS_A_MILLISECOND,
                    },
                };
                (path.clone(), write)
            });
        write(writes.collect())
    }
}

impl Tree {
    /// Every file, for a run whose files are not kept: ordered by path, with what it changed marked.
    pub fn list(&self, before: &Catalogue) -> Vec<FileEntry> {
        let changes = Changes::of(before, self);
        let mut files = Vec::new();
        self.visit(&mut |path, node| {
            if let Kind::File(contents) = &node.kind {
                let modified = node.modified.get() / NANOSECONDS_A_MILLISECOND;
                let file = Stored::new(String::new(), contents.borrow().size(), modified);
                files.push(FileEntry {
                    info: FileInfo {
                        changed: changes.0.contains_key(path),
                        ..info(path, &file)
                    },
                    path: path.to_owned(),
                });
            }
        });
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }
}

/// What a catalogue has of a node; nothing of a file whose bytes the store has not.
fn entry(node: &Node) -> Option<Entry> {
    Some(match &node.kind {
        Kind::Folder(_) => Entry::Folder,
        Kind::Link(target) => Entry::Link(target.clone()),
        Kind::File(contents) => match &*contents.borrow() {
            Contents::Stored(stored) => Entry::File(stored.clone()),
            Contents::Here { stored, .. } => Entry::File(stored.clone()?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Numbers;

    fn catalogue(paths: &[&str]) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for path in paths {
            let file = Stored::new(format!("id of {path}"), 1, 0);
            catalogue
                .entries
                .insert((*path).to_owned(), Entry::File(file));
        }
        catalogue
    }

    fn paths(changes: &Changes) -> Vec<&str> {
        changes.paths().collect()
    }

    #[test]
    fn what_is_as_it_was_is_no_change() {
        let before = catalogue(&["a", "b"]);
        let numbers = Numbers::default();
        let tree = Tree::of(&before, &numbers, 0);
        assert!(Changes::of(&before, &tree).is_empty());
        tree.put("c", b"new", &numbers, 0);
        tree.root.entries().unwrap().borrow_mut().remove("a");
        assert_eq!(paths(&Changes::of(&before, &tree)), ["a", "c"]);
    }

    #[test]
    fn what_others_wrote_meanwhile_is_no_change_of_ours() {
        let mut before = catalogue(&["a"]);
        let numbers = Numbers::default();
        let tree = Tree::of(&before, &numbers, 0);
        tree.put("ours", b"new", &numbers, 0);
        let kept = catalogue(&["a", "ours", "theirs"]);
        Changes::of(&before, &tree).note_kept(&mut before, &kept);
        assert!(Changes::of(&before, &tree).is_empty());
    }
}
