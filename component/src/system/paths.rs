//! Calls that name a file below a folder.

use std::cell::RefCell;
use std::rc::Rc;

use super::descriptors::{Descriptor, FileType};
use super::{Errno, System, library, time};
use crate::files::{Kind, Node, Place, find};

/// `filestat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStatus {
    /// Its number.
    pub number: u64,
    /// What it is.
    pub kind: FileType,
    /// How many names it has.
    pub names: u64,
    /// Bytes.
    pub size: u64,
    /// When it was last read, in nanoseconds since 1970.
    pub accessed: i64,
    /// When it was last written.
    pub modified: i64,
}

impl Default for FileStatus {
    fn default() -> Self {
        Self {
            number: 0,
            kind: FileType::Unknown,
            names: 1,
            size: 0,
            accessed: 0,
            modified: 0,
        }
    }
}

impl FileStatus {
    pub(super) fn of(node: &Node) -> Self {
        Self {
            number: node.number,
            kind: node.file_type(),
            names: node.names.get(),
            size: node.size(),
            accessed: node.accessed.get(),
            modified: node.modified.get(),
        }
    }
}

impl System {
    /// `path_filestat_get`.
    pub fn status(&mut self, fd: u32, path: &str, follow: bool) -> Result<FileStatus, Errno> {
        if let Descriptor::LibraryFolder { path: folder, .. } = self.descriptor(fd)? {
            return library::status(folder, path);
        }
        let (place, ..) = self.folder(fd)?;
        Ok(FileStatus::of(find(&place, path, follow)?.existing()?))
    }

    /// `path_filestat_set_times`.
    pub fn set_path_times(
        &mut self,
        fd: u32,
        path: &str,
        follow: bool,
        accessed: Option<i64>,
        modified: Option<i64>,
    ) -> Result<(), Errno> {
        let (place, _) = self.folder_to_change(fd)?;
        let found = find(&place, path, follow)?;
        let node = Rc::clone(found.existing()?);
        self.set_times(&node, accessed, modified)
    }

    /// The time of a file's bytes is kept with them: a file whose time is set is a changed one.
    pub(super) fn set_times(
        &mut self,
        node: &Rc<Node>,
        accessed: Option<i64>,
        modified: Option<i64>,
    ) -> Result<(), Errno> {
        if let Some(accessed) = accessed {
            node.accessed.set(accessed);
        }
        if let Some(modified) = modified {
            node.modified.set(modified);
            if let Kind::File(contents) = &node.kind {
                let length = contents.borrow().size();
                self.set_length(node, length)?;
                node.modified.set(modified);
            }
        }
        Ok(())
    }

    /// `path_create_directory`.
    pub fn create_folder(&mut self, fd: u32, path: &str) -> Result<(), Errno> {
        let kind = Kind::Folder(RefCell::default());
        self.create(fd, path, kind)
    }

    /// `path_symlink`.
    pub fn create_link(&mut self, target: &str, fd: u32, path: &str) -> Result<(), Errno> {
        // As the native service: what leads out is not even made.
        if target.starts_with('/') {
            return Err(Errno::Perm);
        }
        self.create(fd, path, Kind::Link(target.to_owned()))
    }

    fn create(&mut self, fd: u32, path: &str, kind: Kind) -> Result<(), Errno> {
        let (place, _) = self.folder_to_change(fd)?;
        let found = find(&place, path, false)?;
        if found.node.is_some() {
            return Err(Errno::Exist);
        }
        if found.wants_folder && !matches!(kind, Kind::Folder(_)) {
            return Err(Errno::NoEnt);
        }
        self.admit_file()?;
        self.has_changed = true;
        let node = Node::new(self.numbers.next(), kind, time::now());
        self.name(found.folder(), found.name.as_deref(), node)
    }

    /// `path_readlink`.
    pub fn read_link(&mut self, fd: u32, path: &str) -> Result<String, Errno> {
        let (place, ..) = self.folder(fd)?;
        match &find(&place, path, false)?.existing()?.kind {
            Kind::Link(target) => Ok(target.clone()),
            _ => Err(Errno::Inval),
        }
    }

    /// `path_link`: one more name for a file.
    pub fn create_name(
        &mut self,
        old_fd: u32,
        old: &str,
        new_fd: u32,
        new: &str,
    ) -> Result<(), Errno> {
        let (old_place, new_place) = self.folders_to_change(old_fd, new_fd)?;
        let source = find(&old_place, old, false)?;
        let node = Rc::clone(source.existing()?);
        if node.is_folder() {
            return Err(Errno::Perm);
        }
        let target = find(&new_place, new, false)?;
        if target.node.is_some() {
            return Err(Errno::Exist);
        }
        self.admit_file()?;
        self.admit_bytes(node.size())?;
        node.names.set(node.names.get() + 1);
        self.has_changed = true;
        self.name(target.folder(), target.name.as_deref(), node)
    }

    /// Two folders of one tree: nothing moves between the workspace and `/tmp`.
    fn folders_to_change(&mut self, old_fd: u32, new_fd: u32) -> Result<(Place, Place), Errno> {
        let (old_place, old_is_of_workspace) = self.folder_to_change(old_fd)?;
        let (new_place, new_is_of_workspace) = self.folder_to_change(new_fd)?;
        match old_is_of_workspace == new_is_of_workspace {
            true => Ok((old_place, new_place)),
            false => Err(Errno::XDev),
        }
    }

    /// `path_unlink_file`.
    pub fn remove_file(&mut self, fd: u32, path: &str) -> Result<(), Errno> {
        let (place, _) = self.folder_to_change(fd)?;
        let found = find(&place, path, false)?;
        let node = Rc::clone(found.existing()?);
        if node.is_folder() {
            return Err(Errno::IsDir);
        }
        if found.wants_folder {
            return Err(Errno::NotDir);
        }
        self.forget(found.folder(), found.name.as_deref(), &node)
    }

    /// `path_remove_directory`.
    pub fn remove_folder(&mut self, fd: u32, path: &str) -> Result<(), Errno> {
        let (place, _) = self.folder_to_change(fd)?;
        let found = find(&place, path, false)?;
        let node = Rc::clone(found.existing()?);
        if found.name.is_none() {
            return Err(Errno::Inval);
        }
        if !node.entries()?.borrow().is_empty() {
            return Err(Errno::NotEmpty);
        }
        self.forget(found.folder(), found.name.as_deref(), &node)
    }

    /// `path_rename`.
    pub fn rename(&mut self, old_fd: u32, old: &str, new_fd: u32, new: &str) -> Result<(), Errno> {
        let (old_place, new_place) = self.folders_to_change(old_fd, new_fd)?;
        let source = find(&old_place, old, false)?;
        let node = Rc::clone(source.existing()?);
        let target = find(&new_place, new, false)?;
        let (Some(old_name), Some(new_name)) = (&source.name, &target.name) else {
            return Err(Errno::Inval);
        };
        // A folder can't be put into itself.
        if target.place.iter().any(|above| Rc::ptr_eq(above, &node)) {
            return Err(Errno::Inval);
        }
        if target.wants_folder && !node.is_folder() {
            return Err(Errno::NotDir);
        }
        if let Some(there) = &target.node {
            if Rc::ptr_eq(there, &node) {
                return Ok(());
            }
            match (node.is_folder(), there.is_folder()) {
                (true, false) => return Err(Errno::NotDir),
                (false, true) => return Err(Errno::IsDir),
                (true, true) if !there.entries()?.borrow().is_empty() => {
                    return Err(Errno::NotEmpty);
                }
                _ => {}
            }
            self.forget(target.folder(), Some(new_name), there)?;
        }
        source.folder().entries()?.borrow_mut().remove(old_name);
        self.has_changed = true;
        self.name(target.folder(), Some(new_name), node)
    }

    /// Takes a name away. What is open stays.
    fn forget(&mut self, folder: &Node, name: Option<&str>, node: &Node) -> Result<(), Errno> {
        let name = name.ok_or(Errno::Inval)?;
        folder.entries()?.borrow_mut().remove(name);
        folder.modified.set(time::now());
        node.names.set(node.names.get().saturating_sub(1));
        self.has_changed = true;
        let bytes = match &node.kind {
            Kind::File(contents) => contents.borrow().size(),
            _ => 0,
        };
        self.give_back(bytes, 1);
        Ok(())
    }
}
