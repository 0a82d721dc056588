//! What a program has open.

use std::fs::File;
use std::path::PathBuf;
use std::rc::Rc;

use service::program::FOLDERS;

use super::{Errno, Stream, System};
use crate::files::{Node, Place};

/// As many as a program needs, as in the native service.
const MOST: usize = 256;
/// Standard input, output and error, and the folders that the interpreter was given.
const GIVEN: usize = 3 + FOLDERS.len();

/// `filetype`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FileType {
    /// Standard input and output.
    Unknown = 0,
    /// A folder.
    Folder = 3,
    /// A file.
    File = 4,
    /// A symbolic link.
    Link = 7,
}

/// `fdflags::append`.
pub const APPEND: u16 = 1;

/// Something open.
#[derive(Debug)]
pub enum Descriptor {
    /// Standard input.
    Input,
    /// Standard output or error.
    Output(Stream),
    /// A folder of a run's files.
    Folder {
        /// Where it is.
        place: Place,
        /// Its names, as they were when their reading began.
        listing: Vec<Listed>,
        /// Whether it is the workspace's, and not `/tmp`'s.
        is_of_workspace: bool,
    },
    /// A file of a run's.
    File {
        /// Which.
        node: Rc<Node>,
        /// Where the next byte is read or written.
        position: u64,
        /// Opened to read.
        reads: bool,
        /// Opened to write.
        writes: bool,
        /// `fdflags`.
        flags: u16,
    },
    /// A folder of the standard library.
    LibraryFolder {
        /// Where the host has it.
        path: PathBuf,
        /// Its names.
        listing: Vec<Listed>,
    },
    /// A file of it.
    LibraryFile {
        /// Open in the host.
        file: File,
        /// In bytes.
        size: u64,
    },
}

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Of the node.
    pub number: u64,
    /// What it is.
    pub kind: FileType,
    /// Without the folder.
    pub name: String,
}

/// All that is open, by number.
#[derive(Debug, Default)]
pub struct Descriptors {
    open: Vec<Option<Descriptor>>,
    count: usize,
}

impl Descriptors {
    fn get(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        let open = self.open.get_mut(fd as usize);
        open.and_then(Option::as_mut).ok_or(Errno::BadF)
    }

    fn take(&mut self, fd: u32) -> Result<Descriptor, Errno> {
        let open = self.open.get_mut(fd as usize);
        let taken = open.and_then(Option::take).ok_or(Errno::BadF)?;
        self.count -= 1;
        Ok(taken)
    }

    /// Gives it the smallest number that is free.
    fn add(&mut self, descriptor: Descriptor) -> u32 {
        let free = self.open.iter().position(Option::is_none);
        let fd = free.unwrap_or(self.open.len());
        if fd == self.open.len() {
            self.open.push(None);
        }
        self.open[fd] = Some(descriptor);
        self.count += 1;
        fd as u32
    }
}

impl System {
    /// Opens what every program begins with. The numbers are part of the image.
    pub(super) fn open_given(&mut self) {
        let tree = |root: &Rc<Node>, is_of_workspace| Descriptor::Folder {
            place: vec![Rc::clone(root)],
            listing: Vec::new(),
            is_of_workspace,
        };
        let library = |path: &std::path::Path| Descriptor::LibraryFolder {
            path: path.to_owned(),
            listing: Vec::new(),
        };
        let given = [
            Descriptor::Input,
            Descriptor::Output(Stream::Stdout),
            Descriptor::Output(Stream::Stderr),
            library(&self.outside.library.lib),
            library(&self.outside.library.mpl_data),
            tree(&self.workspace.root, true),
            tree(&self.tmp.root, false),
        ];
        for descriptor in given {
            self.descriptors.add(descriptor);
        }
    }

    pub(super) fn descriptor(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        self.descriptors.get(fd)
    }

    /// Whether one more may be opened.
    pub(super) fn admit_descriptor(&self) -> Result<(), Errno> {
        match self.descriptors.count < MOST + GIVEN {
            true => Ok(()),
            false => Err(Errno::MFile),
        }
    }

    pub(super) fn add_descriptor(&mut self, descriptor: Descriptor) -> u32 {
        self.descriptors.add(descriptor)
    }

    /// A run's folder: where it is, whether it may be changed, and whose it is.
    pub(super) fn folder(&mut self, fd: u32) -> Result<(Place, bool, bool), Errno> {
        match self.descriptors.get(fd)? {
            Descriptor::Folder {
                place,
                is_of_workspace,
                ..
            } => {
                let (place, is_of_workspace) = (place.clone(), *is_of_workspace);
                let is_writable = !is_of_workspace || self.workspace.is_writable;
                Ok((place, is_writable, is_of_workspace))
            }
            Descriptor::LibraryFolder { .. } => Err(Errno::Perm),
            _ => Err(Errno::NotDir),
        }
    }

    /// The same, to change something in it.
    pub(super) fn folder_to_change(&mut self, fd: u32) -> Result<(Place, bool), Errno> {
        match self.folder(fd)? {
            (place, true, is_of_workspace) => Ok((place, is_of_workspace)),
            _ => Err(Errno::Perm),
        }
    }

    /// `fd_close`.
    pub fn close(&mut self, fd: u32) -> Result<(), Errno> {
        let closed = self.descriptors.take(fd)?;
        if matches!(closed, Descriptor::File { writes: true, .. }) {
            self.has_changed = true;
        }
        self.keep_now_and_then();
        Ok(())
    }

    /// `fd_prestat_dir_name`: the folders that the interpreter was given.
    pub fn given_folder(&self, fd: u32) -> Result<&'static str, Errno> {
        let index = (fd as usize).checked_sub(3).ok_or(Errno::BadF)?;
        FOLDERS.get(index).copied().ok_or(Errno::BadF)
    }

    /// `fd_fdstat_get`: what it is, and its flags.
    pub fn descriptor_status(&mut self, fd: u32) -> Result<(FileType, u16), Errno> {
        Ok(match self.descriptors.get(fd)? {
            Descriptor::Input | Descriptor::Output(_) => (FileType::Unknown, 0),
            Descriptor::Folder { .. } | Descriptor::LibraryFolder { .. } => (FileType::Folder, 0),
            Descriptor::File { flags, .. } => (FileType::File, *flags),
            Descriptor::LibraryFile { .. } => (FileType::File, 0),
        })
    }

    /// `fd_fdstat_set_flags`.
    pub fn set_descriptor_flags(&mut self, fd: u32, new: u16) -> Result<(), Errno> {
        match self.descriptors.get(fd)? {
            Descriptor::File { flags, .. } => *flags = new,
            Descriptor::Folder { .. } | Descriptor::LibraryFolder { .. } => {
                return Err(Errno::BadF);
            }
            _ => {}
        }
        Ok(())
    }

    /// What a folder holds, for `fd_readdir`, from a position on. The list is made when its reading begins.
    pub fn listing(&mut self, fd: u32, from: u64) -> Result<&[Listed], Errno> {
        if from == 0 {
            let new = self.list(fd)?;
            match self.descriptors.get(fd)? {
                Descriptor::Folder { listing, .. } | Descriptor::LibraryFolder { listing, .. } => {
                    *listing = new;
                }
                _ => return Err(Errno::NotDir),
            }
        }
        match self.descriptors.get(fd)? {
            Descriptor::Folder { listing, .. } | Descriptor::LibraryFolder { listing, .. } => {
                let from = usize::try_from(from).unwrap_or(usize::MAX);
                Ok(listing.get(from..).unwrap_or_default())
            }
            _ => Err(Errno::NotDir),
        }
    }

    fn list(&mut self, fd: u32) -> Result<Vec<Listed>, Errno> {
        let folder = |number, name: &str| Listed {
            number,
            kind: FileType::Folder,
            name: name.to_owned(),
        };
        match self.descriptors.get(fd)? {
            Descriptor::LibraryFolder { path, .. } => super::library::list(path),
            Descriptor::Folder { place, .. } => {
                let this = place.last().ok_or(Errno::BadF)?;
                let above = place.get(place.len().wrapping_sub(2)).unwrap_or(this);
                let mut listed = vec![folder(this.number, "."), folder(above.number, "..")];
                listed.extend(this.entries()?.borrow().iter().map(|(name, node)| Listed {
                    number: node.number,
                    kind: node.file_type(),
                    name: name.clone(),
                }));
                Ok(listed)
            }
            _ => Err(Errno::NotDir),
        }
    }
}

impl Node {
    /// What WASI calls it.
    pub fn file_type(&self) -> FileType {
        match self.kind {
            crate::files::Kind::Folder(_) => FileType::Folder,
            crate::files::Kind::File(_) => FileType::File,
            crate::files::Kind::Link(_) => FileType::Link,
        }
    }
}
