//! A run's files: folders, files and links in memory. What is in the store is read when it is first opened.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use service::quota::Usage;

use crate::catalogue::{Catalogue, Entry, Stored};
use crate::system::Errno;
use crate::system::time::NANOSECONDS_A_MILLISECOND;

/// More links than that lead nowhere.
const MAX_LINKS: usize = 40;
/// Names of a file or folder are no longer.
pub const MAX_NAME_BYTES: usize = 255;

/// A file, a folder or a link.
#[derive(Debug)]
pub struct Node {
    /// Its number, which no other node of this run has.
    pub number: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub modified: Cell<i64>,
    /// When it was last read, as far as anybody said.
    pub accessed: Cell<i64>,
    /// How many names it has.
    pub names: Cell<u64>,
    /// What it is.
    pub kind: Kind,
}

/// What a node is.
#[derive(Debug)]
pub enum Kind {
    /// Names.
    Folder(RefCell<BTreeMap<String, Rc<Node>>>),
    /// Bytes.
    File(RefCell<Contents>),
    /// A path, relative to the folder that the link is in.
    Link(String),
}

/// A file's bytes.
#[derive(Debug)]
pub enum Contents {
    /// In the store, not read yet.
    Stored(Stored),
    /// Here.
    Here {
        /// All of them.
        bytes: Vec<u8>,
        /// What the store has of them, until they are written to.
        stored: Option<Stored>,
    },
}

impl Contents {
    /// Bytes.
    pub fn size(&self) -> u64 {
        match self {
            Self::Stored(stored) => stored.size,
            Self::Here { bytes, .. } => bytes.len() as u64,
        }
    }
}

impl Node {
    /// A new node.
    pub fn new(number: u64, kind: Kind, now: i64) -> Rc<Self> {
        Rc::new(Self {
            number,
            modified: Cell::new(now),
            accessed: Cell::new(now),
            names: Cell::new(1),
            kind,
        })
    }

    /// What it holds, if it is a folder.
    pub fn entries(&self) -> Result<&RefCell<BTreeMap<String, Rc<Node>>>, Errno> {
        match &self.kind {
            Kind::Folder(entries) => Ok(entries),
            _ => Err(Errno::NotDir),
        }
    }

    /// Its bytes, if it is a file.
    pub fn contents(&self) -> Result<&RefCell<Contents>, Errno> {
        match &self.kind {
            Kind::File(contents) => Ok(contents),
            Kind::Folder(_) => Err(Errno::IsDir),
            Kind::Link(_) => Err(Errno::Inval),
        }
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        matches!(self.kind, Kind::Folder(_))
    }

    /// Of a file its bytes, of a link its path's.
    pub fn size(&self) -> u64 {
        match &self.kind {
            Kind::Folder(_) => 0,
            Kind::File(contents) => contents.borrow().size(),
            Kind::Link(target) => target.len() as u64,
        }
    }
}

/// A folder with everything below it.
#[derive(Debug)]
pub struct Tree {
    /// The topmost folder.
    pub root: Rc<Node>,
    /// Whether a program may change anything.
    pub is_writable: bool,
}

/// Gives every node a number of its own.
#[derive(Debug, Default)]
pub struct Numbers(Cell<u64>);

impl Numbers {
    /// The next one.
    pub fn next(&self) -> u64 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

impl Tree {
    /// A folder with nothing in it.
    pub fn empty(numbers: &Numbers, now: i64) -> Self {
        let kind = Kind::Folder(RefCell::default());
        Self {
            root: Node::new(numbers.next(), kind, now),
            is_writable: true,
        }
    }

    /// What a catalogue names.
    pub fn of(catalogue: &Catalogue, numbers: &Numbers, now: i64) -> Self {
        let tree = Self::empty(numbers, now);
        for (path, entry) in &catalogue.entries {
            let (kind, modified) = match entry {
                Entry::Folder => (Kind::Folder(RefCell::default()), now),
                Entry::Link(target) => (Kind::Link(target.clone()), now),
                Entry::File(stored) => (
                    Kind::File(RefCell::new(Contents::Stored(stored.clone()))),
                    stored.modified * NANOSECONDS_A_MILLISECOND,
                ),
            };
            tree.insert(path, Node::new(numbers.next(), kind, modified));
        }
        tree
    }

    /// Puts a node where its path says. A folder comes before what is in it: paths are in order.
    fn insert(&self, path: &str, node: Rc<Node>) {
        let mut folder = Rc::clone(&self.root);
        let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
        for part in parents.split('/').filter(|part| !part.is_empty()) {
            let next = folder.entries().ok();
            let Some(next) = next.and_then(|entries| entries.borrow().get(part).cloned()) else {
                return;
            };
            folder = next;
        }
        if let Ok(entries) = folder.entries() {
            entries.borrow_mut().insert(name.to_owned(), node);
        }
    }

    /// Writes a file of the topmost folder, whatever was there.
    pub fn put(&self, name: &str, bytes: &[u8], numbers: &Numbers, now: i64) {
        let contents = Contents::Here {
            bytes: bytes.to_vec(),
            stored: None,
        };
        let kind = Kind::File(RefCell::new(contents));
        self.insert(name, Node::new(numbers.next(), kind, now));
    }

    /// How much there is.
    pub fn usage(&self) -> Usage {
        let mut usage = Usage::default();
        self.visit(&mut |_, node| {
            usage.files += 1;
            if let Kind::File(contents) = &node.kind {
                usage.bytes += contents.borrow().size();
            }
        });
        usage
    }

    /// Shows every node but the topmost, a folder before what is in it, with its path.
    pub fn visit(&self, see: &mut impl FnMut(&str, &Rc<Node>)) {
        fn below(folder: &Node, prefix: &str, see: &mut impl FnMut(&str, &Rc<Node>)) {
            let Ok(entries) = folder.entries() else {
                return;
            };
            for (name, node) in &*entries.borrow() {
                let path = format!("{prefix}{name}");
                see(&path, node);
                below(node, &format!("{path}/"), see);
            }
        }
        below(&self.root, "", see);
    }
}

/// A folder with those it is in: the topmost first, itself last.
pub type Place = Vec<Rc<Node>>;

/// Where a path leads.
#[derive(Debug)]
pub struct Found {
    /// The folder that holds it; where the path is of a folder without a name (`.`, `..`), that folder itself.
    pub place: Place,
    /// Its name there.
    pub name: Option<String>,
    /// What it is, if it is there.
    pub node: Option<Rc<Node>>,
    /// The path ends with a slash: only a folder will do.
    pub wants_folder: bool,
}

impl Found {
    /// What it is.
    pub fn existing(&self) -> Result<&Rc<Node>, Errno> {
        let node = self.node.as_ref().ok_or(Errno::NoEnt)?;
        if self.wants_folder && !node.is_folder() {
            return Err(Errno::NotDir);
        }
        Ok(node)
    }

    /// The folder that holds it.
    pub fn folder(&self) -> &Rc<Node> {
        self.place
            .last()
            .expect("a place has at least the topmost folder")
    }
}

/// Follows a path from a folder. It can't leave the tree: there is nothing above the topmost folder, and a link that
/// begins with a slash leads out.
pub fn find(from: &Place, path: &str, follow_last: bool) -> Result<Found, Errno> {
    if path.is_empty() {
        return Err(Errno::NoEnt);
    }
    let wants_folder = path.ends_with('/');
    let mut place = from.clone();
    let mut links = 0;
    // What is still to be followed, the next part last.
    let mut parts = Vec::new();
    push(&mut parts, path)?;
    while let Some(part) = parts.pop() {
        match &*part {
            "." => continue,
            ".." => {
                place.pop();
                if place.is_empty() {
                    return Err(Errno::Perm);
                }
                continue;
            }
            _ => {}
        }
        if part.len() > MAX_NAME_BYTES {
            return Err(Errno::NameTooLong);
        }
        let folder = place.last().ok_or(Errno::Perm)?;
        let node = folder.entries()?.borrow().get(&part).cloned();
        let is_last = parts.is_empty();
        match node.as_deref().map(|node| &node.kind) {
            Some(Kind::Link(target)) if !is_last || follow_last || wants_folder => {
                links += 1;
                if links > MAX_LINKS {
                    return Err(Errno::Loop);
                }
                push(&mut parts, target)?;
            }
            _ if is_last => {
                return Ok(Found {
                    place,
                    name: Some(part),
                    node,
                    wants_folder,
                });
            }
            Some(Kind::Folder(_)) => place.extend(node),
            Some(_) => return Err(Errno::NotDir),
            None => return Err(Errno::NoEnt),
        }
    }
    let node = place.last().cloned();
    Ok(Found {
        place,
        name: None,
        node,
        wants_folder,
    })
}

fn push(parts: &mut Vec<String>, path: &str) -> Result<(), Errno> {
    if path.starts_with('/') {
        return Err(Errno::Perm);
    }
    let new = path.split('/').filter(|part| !part.is_empty());
    parts.extend(new.rev().map(str::to_owned));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let file = |size| Entry::File(Stored::new("id".to_owned(), size, 0));
        let link = |target: &str| Entry::Link(target.to_owned());
        let entries = [
            ("a.txt", file(1)),
            ("folder", Entry::Folder),
            ("folder/b.txt", file(2)),
            ("folder/up", link("../a.txt")),
            ("loop", link("loop")),
            ("out", link("../../etc/passwd")),
            ("root", link("/etc/passwd")),
            ("to", link("folder")),
        ];
        let mut catalogue = Catalogue::default();
        catalogue
            .entries
            .extend(entries.map(|(path, entry)| (path.to_owned(), entry)));
        Tree::of(&catalogue, &Numbers::default(), 0)
    }

    fn size(path: &str) -> Result<u64, Errno> {
        find(&vec![tree().root], path, true)?
            .existing()
            .map(|node| node.size())
    }

    #[test]
    fn paths_lead_where_they_say() {
        for (path, expected) in [
            ("a.txt", 1),
            ("./folder//b.txt", 2),
            ("folder/../a.txt", 1),
            ("to/b.txt", 2),
            ("folder/up", 1),
            ("to/up", 1),
        ] {
            assert_eq!(size(path), Ok(expected), "{path}");
        }
        for (path, errno) in [
            ("missing", Errno::NoEnt),
            ("missing/b", Errno::NoEnt),
            ("a.txt/b", Errno::NotDir),
            ("a.txt/", Errno::NotDir),
            ("loop", Errno::Loop),
            ("", Errno::NoEnt),
        ] {
            assert_eq!(size(path), Err(errno), "{path}");
        }
    }

    #[test]
    fn no_path_leads_out() {
        for path in ["..", "../x", "folder/../../x", "out", "root", "/a.txt"] {
            assert_eq!(size(path), Err(Errno::Perm), "{path}");
        }
    }

    #[test]
    fn a_link_is_followed_only_where_it_is_wanted() {
        let found = find(&vec![tree().root], "to", false).unwrap();
        assert!(matches!(found.node.unwrap().kind, Kind::Link(_)));
        let found = find(&vec![tree().root], "to", true).unwrap();
        assert!(found.node.unwrap().is_folder());
    }

    #[test]
    fn what_is_there_is_counted() {
        let usage = tree().usage();
        assert_eq!((usage.bytes, usage.files), (3, 8));
    }
}
