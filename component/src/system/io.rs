//! Reading and writing what is open.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::rc::Rc;

use super::descriptors::{APPEND, Descriptor};
use super::paths::FileStatus;
use super::{Errno, System, library, time};
use crate::files::{Contents, Node};

/// Larger reads are answered with less, which a reader must be ready for.
const MOST_AT_ONCE: u64 = 8 << 20;

/// Where a seek starts: `whence`.
#[derive(Debug, Clone, Copy)]
pub enum Whence {
    /// The beginning.
    Start,
    /// The position.
    Current,
    /// The end.
    End,
}

impl System {
    /// `fd_read`, and with a position `fd_pread`: hands over at most so many bytes, and says how many.
    pub fn read(
        &mut self,
        fd: u32,
        at: Option<u64>,
        most: u64,
        take: impl FnOnce(&[u8]),
    ) -> Result<u64, Errno> {
        let most = most.min(MOST_AT_ONCE);
        match self.descriptor(fd)? {
            Descriptor::Input => {
                let rest = &self.stdin[self.stdin_read..];
                let part = &rest[..rest.len().min(most as usize)];
                take(part);
                let length = part.len();
                self.stdin_read += length;
                Ok(length as u64)
            }
            Descriptor::Output(_) => Err(Errno::BadF),
            Descriptor::Folder { .. } | Descriptor::LibraryFolder { .. } => Err(Errno::IsDir),
            Descriptor::LibraryFile { file, .. } => {
                let before = file.stream_position().map_err(|_| Errno::Io)?;
                if let Some(at) = at {
                    file.seek(SeekFrom::Start(at)).map_err(|_| Errno::Io)?;
                }
                let mut bytes = Vec::new();
                let read = file.take(most).read_to_end(&mut bytes);
                if at.is_some() {
                    file.seek(SeekFrom::Start(before)).map_err(|_| Errno::Io)?;
                }
                read.map_err(|_| Errno::Io)?;
                take(&bytes);
                Ok(bytes.len() as u64)
            }
            Descriptor::File { reads: false, .. } => Err(Errno::BadF),
            Descriptor::File { node, position, .. } => {
                let (node, start) = (Rc::clone(node), at.unwrap_or(*position));
                self.load(&node)?;
                let contents = node.contents()?.borrow();
                let Contents::Here { bytes, .. } = &*contents else {
                    return Err(Errno::Io);
                };
                let start = start.min(bytes.len() as u64);
                let end = start.saturating_add(most).min(bytes.len() as u64);
                take(&bytes[start as usize..end as usize]);
                if at.is_none() {
                    self.set_position(fd, end)?;
                }
                Ok(end - start)
            }
        }
    }

    /// `fd_write`, and with a position `fd_pwrite`.
    pub fn write(&mut self, fd: u32, at: Option<u64>, bytes: &[u8]) -> Result<(), Errno> {
        let stream = match self.descriptor(fd)? {
            Descriptor::Output(stream) => *stream,
            Descriptor::File {
                writes: true,
                node,
                position,
                flags,
                ..
            } => {
                let node = Rc::clone(node);
                let start = match at {
                    Some(at) => at,
                    None if *flags & APPEND != 0 => node.size(),
                    None => *position,
                };
                let end = start.checked_add(bytes.len() as u64).ok_or(Errno::Inval)?;
                self.write_file(&node, start, end, bytes)?;
                if at.is_none() {
                    self.set_position(fd, end)?;
                }
                self.look_at_the_clock();
                return Ok(());
            }
            _ => return Err(Errno::BadF),
        };
        if at.is_some() {
            return Err(Errno::SPipe);
        }
        self.print(stream, bytes);
        Ok(())
    }

    fn write_file(
        &mut self,
        node: &Rc<Node>,
        start: u64,
        end: u64,
        new: &[u8],
    ) -> Result<(), Errno> {
        self.load(node)?;
        self.admit_bytes(end.saturating_sub(node.size()))?;
        if let Contents::Here { bytes, stored } = &mut *node.contents()?.borrow_mut() {
            *stored = None;
            if bytes.len() < end as usize {
                bytes.resize(end as usize, 0);
            }
            bytes[start as usize..end as usize].copy_from_slice(new);
        }
        node.modified.set(time::now());
        Ok(())
    }

    /// Makes a file longer, with zeros, or shorter.
    pub(super) fn set_length(&mut self, node: &Rc<Node>, length: u64) -> Result<(), Errno> {
        let old = node.size();
        self.admit_bytes(length.saturating_sub(old))?;
        if length > 0 {
            self.load(node)?;
        }
        let mut contents = node.contents()?.borrow_mut();
        let mut bytes = match std::mem::replace(
            &mut *contents,
            Contents::Here {
                bytes: Vec::new(),
                stored: None,
            },
        ) {
            Contents::Here { bytes, .. } => bytes,
            Contents::Stored(_) => Vec::new(),
        };
        bytes.resize(length as usize, 0);
        *contents = Contents::Here {
            bytes,
            stored: None,
        };
        drop(contents);
        self.give_back(old.saturating_sub(length), 0);
        node.modified.set(time::now());
        Ok(())
    }

    /// Reads a file from the store, if it has not been read yet.
    fn load(&mut self, node: &Node) -> Result<(), Errno> {
        let mut contents = node.contents()?.borrow_mut();
        if let Contents::Stored(stored) = &*contents {
            let bytes = (self.outside.load)(stored).ok_or(Errno::Io)?;
            let stored = Some(stored.clone());
            *contents = Contents::Here { bytes, stored };
        }
        Ok(())
    }

    fn set_position(&mut self, fd: u32, new: u64) -> Result<(), Errno> {
        match self.descriptor(fd)? {
            Descriptor::File { position, .. } => *position = new,
            _ => return Err(Errno::SPipe),
        }
        Ok(())
    }

    /// `fd_seek`; the new position.
    pub fn seek(&mut self, fd: u32, offset: i64, whence: Whence) -> Result<u64, Errno> {
        match self.descriptor(fd)? {
            Descriptor::LibraryFile { file, .. } => {
                let to = match whence {
                    Whence::Start => SeekFrom::Start(offset as u64),
                    Whence::Current => SeekFrom::Current(offset),
                    Whence::End => SeekFrom::End(offset),
                };
                file.seek(to).map_err(|_| Errno::Inval)
            }
            Descriptor::File { node, position, .. } => {
                let base = match whence {
                    Whence::Start => 0,
                    Whence::Current => *position,
                    Whence::End => node.size(),
                };
                *position = base.checked_add_signed(offset).ok_or(Errno::Inval)?;
                Ok(*position)
            }
            Descriptor::Input | Descriptor::Output(_) => Err(Errno::SPipe),
            _ => Err(Errno::BadF),
        }
    }

    /// `fd_filestat_get`.
    pub fn file_status(&mut self, fd: u32) -> Result<FileStatus, Errno> {
        match self.descriptor(fd)? {
            Descriptor::Input | Descriptor::Output(_) => Ok(FileStatus::default()),
            Descriptor::Folder { place, .. } => {
                let node = place.last().ok_or(Errno::BadF)?;
                Ok(FileStatus::of(node))
            }
            Descriptor::File { node, .. } => Ok(FileStatus::of(node)),
            Descriptor::LibraryFolder { path, .. } => library::status(path, "."),
            Descriptor::LibraryFile { file, .. } => {
                let metadata = file.metadata().map_err(|_| Errno::Io)?;
                Ok(library::status_of(&metadata))
            }
        }
    }

    /// `fd_filestat_set_size`.
    pub fn set_file_length(&mut self, fd: u32, length: u64) -> Result<(), Errno> {
        let node = match self.descriptor(fd)? {
            Descriptor::File {
                node, writes: true, ..
            } => Rc::clone(node),
            _ => return Err(Errno::BadF),
        };
        self.set_length(&node, length)
    }

    /// `fd_filestat_set_times`.
    pub fn set_file_times(
        &mut self,
        fd: u32,
        accessed: Option<i64>,
        modified: Option<i64>,
    ) -> Result<(), Errno> {
        let node = match self.descriptor(fd)? {
            Descriptor::File { node, .. } => Rc::clone(node),
            Descriptor::Folder { place, .. } => Rc::clone(place.last().ok_or(Errno::BadF)?),
            Descriptor::LibraryFile { .. } | Descriptor::LibraryFolder { .. } => {
                return Err(Errno::Perm);
            }
            _ => return Err(Errno::BadF),
        };
        self.set_times(&node, accessed, modified)
    }

    /// `fd_sync`, `fd_datasync`, `fd_advise`: there is nothing to be done but to know the descriptor.
    pub fn exists(&mut self, fd: u32) -> Result<(), Errno> {
        self.descriptor(fd).map(drop)
    }
}
