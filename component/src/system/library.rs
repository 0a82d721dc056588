//! The standard library and matplotlib's data: folders of the host's, which nothing can change.

use std::fs::{self, File, Metadata};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::descriptors::{Descriptor, FileType, Listed};
use super::paths::FileStatus;
use super::{Errno, System};

/// Where the host has them.
#[derive(Debug, Clone)]
pub struct Library {
    /// With `python315.zip`.
    pub lib: PathBuf,
    /// Unpacked.
    pub mpl_data: PathBuf,
}

impl System {
    /// Opens what is below a folder of the library.
    pub(super) fn open_in_library(
        &mut self,
        folder: &Path,
        path: &str,
        to_change: bool,
    ) -> Result<Descriptor, Errno> {
        if to_change {
            return Err(Errno::Perm);
        }
        let path = below(folder, path)?;
        let metadata = fs::metadata(&path).map_err(|_| Errno::NoEnt)?;
        if metadata.is_dir() {
            let listing = Vec::new();
            return Ok(Descriptor::LibraryFolder { path, listing });
        }
        let file = File::open(&path).map_err(|_| Errno::Io)?;
        let size = metadata.len();
        Ok(Descriptor::LibraryFile { file, size })
    }
}

/// What is known of a path below a folder of the library.
pub(super) fn status(folder: &Path, path: &str) -> Result<FileStatus, Errno> {
    let metadata = fs::metadata(below(folder, path)?).map_err(|_| Errno::NoEnt)?;
    Ok(status_of(&metadata))
}

/// What is known of a file of the library.
pub(super) fn status_of(metadata: &Metadata) -> FileStatus {
    let modified = metadata.modified().ok();
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.map_or(0, |since| since.as_nanos() as i64);
    FileStatus {
        number: 0,
        kind: match metadata.is_dir() {
            true => FileType::Folder,
            false => FileType::File,
        },
        names: 1,
        size: metadata.len(),
        accessed: modified,
        modified,
    }
}

/// The names in a folder of the library.
pub(super) fn list(folder: &Path) -> Result<Vec<Listed>, Errno> {
    let entry = |kind, name| Listed {
        number: 0,
        kind,
        name,
    };
    let mut listed = vec![
        entry(FileType::Folder, ".".to_owned()),
        entry(FileType::Folder, "..".to_owned()),
    ];
    for found in fs::read_dir(folder).map_err(|_| Errno::NotDir)? {
        let found = found.map_err(|_| Errno::Io)?;
        let kind = match found.file_type() {
            Ok(kind) if kind.is_dir() => FileType::Folder,
            _ => FileType::File,
        };
        listed.push(entry(
            kind,
            found.file_name().to_string_lossy().into_owned(),
        ));
    }
    Ok(listed)
}

/// A path below a folder, that stays there. There are no links in the library.
fn below(folder: &Path, path: &str) -> Result<PathBuf, Errno> {
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => parts.push(name),
            Component::CurDir => {}
            Component::ParentDir => _ = parts.pop().ok_or(Errno::Perm)?,
            Component::RootDir | Component::Prefix(_) => return Err(Errno::Perm),
        }
    }
    Ok(folder.join(parts.iter().collect::<PathBuf>()))
}
