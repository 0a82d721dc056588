//! `path_open`.

use std::cell::RefCell;
use std::rc::Rc;

use super::descriptors::{APPEND, Descriptor};
use super::{Errno, System, time};
use crate::files::{Contents, Kind, Node, find};

/// `oflags`.
const CREATE: u16 = 1;
const FOLDER: u16 = 2;
const EXCLUSIVE: u16 = 4;
const TRUNCATE: u16 = 8;
/// `rights::fd_read`.
const READ: u64 = 1 << 1;
/// `rights::fd_write`.
const WRITE: u64 = 1 << 6;

/// How a file is opened, in WASI's bits.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// A link at the end of the path is followed.
    pub follow: bool,
    /// `oflags`.
    pub open: u16,
    /// `rights`, of which only reading and writing count.
    pub rights: u64,
    /// `fdflags`.
    pub flags: u16,
}

impl How {
    fn to_change(self) -> bool {
        self.rights & WRITE != 0 || self.open & (CREATE | TRUNCATE) != 0
    }
}

impl System {
    /// Opens a file or a folder below a folder.
    pub fn open(&mut self, fd: u32, path: &str, how: How) -> Result<u32, Errno> {
        self.look_at_the_clock();
        self.admit_descriptor()?;
        if let Descriptor::LibraryFolder { path: folder, .. } = self.descriptor(fd)? {
            let folder = folder.clone();
            let opened = self.open_in_library(&folder, path, how.to_change())?;
            return Ok(self.add_descriptor(opened));
        }
        let (place, is_writable, is_of_workspace) = self.folder(fd)?;
        if how.to_change() && !is_writable {
            return Err(Errno::Perm);
        }
        let is_exclusive = how.open & EXCLUSIVE != 0;
        let found = find(&place, path, how.follow && !is_exclusive)?;
        let node = match &found.node {
            Some(_) if how.open & CREATE != 0 && is_exclusive => return Err(Errno::Exist),
            Some(_) => Rc::clone(found.existing()?),
            None if how.open & CREATE == 0 => return Err(Errno::NoEnt),
            None if found.wants_folder || how.open & FOLDER != 0 => return Err(Errno::IsDir),
            None => {
                self.admit_file()?;
                let bytes = Contents::Here {
                    bytes: Vec::new(),
                    stored: None,
                };
                let kind = Kind::File(RefCell::new(bytes));
                let node = Node::new(self.numbers.next(), kind, time::now());
                self.name(found.folder(), found.name.as_deref(), Rc::clone(&node))?;
                node
            }
        };
        let descriptor = match &node.kind {
            Kind::Link(_) => return Err(Errno::Loop),
            Kind::Folder(_) if how.to_change() => return Err(Errno::IsDir),
            Kind::Folder(_) => {
                let mut place = found.place;
                if found.name.is_some() {
                    place.push(node);
                }
                Descriptor::Folder {
                    place,
                    listing: Vec::new(),
                    is_of_workspace,
                }
            }
            Kind::File(_) if how.open & FOLDER != 0 => return Err(Errno::NotDir),
            Kind::File(_) => {
                if how.open & TRUNCATE != 0 {
                    self.set_length(&node, 0)?;
                }
                Descriptor::File {
                    node,
                    position: 0,
                    reads: how.rights & READ != 0,
                    writes: how.rights & WRITE != 0,
                    flags: how.flags & APPEND,
                }
            }
        };
        Ok(self.add_descriptor(descriptor))
    }

    /// Gives a node a name in a folder.
    pub(super) fn name(
        &mut self,
        folder: &Node,
        name: Option<&str>,
        node: Rc<Node>,
    ) -> Result<(), Errno> {
        let name = name.ok_or(Errno::Exist)?.to_owned();
        folder.entries()?.borrow_mut().insert(name, node);
        folder.modified.set(time::now());
        Ok(())
    }
}
