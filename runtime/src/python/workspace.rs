//! A session's folder, as the host handles it.
//!
//! Every access goes through a handle on the folder (`cap_std`), which resolves each part of a path
//! itself: `..` and links that lead out are refused by the file system layer, whatever the guest made
//! of the folder meanwhile.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use api::SessionKey;
use api::files::{FileEntry, FileInfo};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirEntry, Metadata, MetadataExt as _};
use jiff::Timestamp;
use service::download::content_type;
use service::quota::Usage;

/// A session's folder.
pub struct Workspace {
    dir: Dir,
    path: PathBuf,
}

/// The state of a workspace at one moment, to compare a later one with.
pub(super) struct Scan {
    stamps: BTreeMap<String, Stamp>,
    usage: Usage,
}

/// Tells a file from its later self.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Workspace {
    /// Opens a session's folder under `scratch`, and makes it if it is missing.
    pub fn open_or_create(scratch: &Path, session: &SessionKey) -> io::Result<Self> {
        let path = scratch.join(session.as_str());
        crate::cache::create_private_dir(&path)?;
        Self::at(path)
    }

    /// Opens a session's folder under `scratch`; nothing if there is none.
    pub fn open(scratch: &Path, session: &SessionKey) -> io::Result<Option<Self>> {
        match Self::at(scratch.join(session.as_str())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            other => other.map(Some),
        }
    }

    /// A folder of the caller's choosing.
    pub fn at(path: PathBuf) -> io::Result<Self> {
        Ok(Self {
            dir: Dir::open_ambient_dir(&path, ambient_authority())?,
            path,
        })
    }

    /// Where it is on the host.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The handle that keeps accesses inside.
    pub(super) fn dir(&self) -> &Dir {
        &self.dir
    }

    pub(super) fn write(&self, name: &str, contents: &[u8]) -> io::Result<()> {
        self.dir.write(name, contents)
    }

    pub(super) fn usage(&self) -> io::Result<Usage> {
        Ok(self.scan()?.usage)
    }

    pub(super) fn scan(&self) -> io::Result<Scan> {
        let mut scan = Scan {
            stamps: BTreeMap::new(),
            usage: Usage::default(),
        };
        walk(&self.dir, "", &mut |path, metadata| {
            scan.usage.files += 1;
            if metadata.is_file() {
                scan.usage.bytes = scan.usage.bytes.saturating_add(metadata.len());
                scan.stamps.insert(path, Stamp::of(metadata));
            }
        })?;
        Ok(scan)
    }

    /// Every regular file, ordered by path.
    pub(super) fn list(&self) -> io::Result<Vec<FileEntry>> {
        self.entries(|_, _| false)
    }

    /// The same, with the files marked that are new or not what they were.
    pub(super) fn list_since(&self, before: &Scan) -> io::Result<Vec<FileEntry>> {
        self.entries(|path, stamp| before.stamps.get(path) != Some(&stamp))
    }

    fn entries(&self, is_changed: impl Fn(&str, Stamp) -> bool) -> io::Result<Vec<FileEntry>> {
        let mut files = Vec::new();
        walk(&self.dir, "", &mut |path, metadata| {
            if metadata.is_file() {
                let changed = is_changed(&path, Stamp::of(metadata));
                files.push(FileEntry {
                    info: FileInfo {
                        changed,
                        ..info(&path, metadata)
                    },
                    path,
                });
            }
        })?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }
}

impl Scan {
    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    /// What the workspace holds once a file of this size has been written.
    pub(super) fn usage_with(&self, name: &str, size: u64) -> Usage {
        let (old_bytes, new_files) = self.stamps.get(name).map_or((0, 1), |old| (old.size, 0));
        Usage {
            bytes: self
                .usage
                .bytes
                .saturating_sub(old_bytes)
                .saturating_add(size),
            files: self.usage.files.saturating_add(new_files),
        }
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            inode: metadata.ino(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// How much a folder holds.
pub(super) fn usage(folder: &Path) -> io::Result<Usage> {
    Workspace::at(folder.to_owned())?.usage()
}

/// What is known of a file.
pub(super) fn info(path: &str, metadata: &Metadata) -> FileInfo {
    let modified = metadata.modified().ok().and_then(|time| {
        let since = time.into_std().duration_since(UNIX_EPOCH).ok()?;
        Timestamp::from_millisecond(i64::try_from(since.as_millis()).ok()?).ok()
    });
    FileInfo {
        size: metadata.len(),
        modified: modified.unwrap_or(Timestamp::UNIX_EPOCH),
        content_type: content_type(path),
        changed: false,
    }
}

/// Visits everything below a folder, without following links. What vanishes meanwhile, because a
/// program is at work there, is passed over.
fn walk(dir: &Dir, prefix: &str, visit: &mut impl FnMut(String, &Metadata)) -> io::Result<()> {
    for entry in dir.entries()? {
        let entry = entry?;
        if let Err(error) = visit_entry(&entry, prefix, visit)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
    }
    Ok(())
}

fn visit_entry(
    entry: &DirEntry,
    prefix: &str,
    visit: &mut impl FnMut(String, &Metadata),
) -> io::Result<()> {
    let metadata = entry.metadata()?;
    let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
    if metadata.is_dir() {
        let below = format!("{path}/");
        visit(path, &metadata);
        walk(&entry.open_dir()?, &below, visit)
    } else {
        visit(path, &metadata);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_since_a_scan_is_marked() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(folder.path().to_owned()).unwrap();
        workspace.write("same.txt", b"same").unwrap();
        workspace.write("grows.csv", b"a").unwrap();
        let before = workspace.scan().unwrap();
        workspace.write("grows.csv", b"a,b").unwrap();
        workspace.dir().create_dir("sub").unwrap();
        workspace.write("sub/new.png", b"png").unwrap();

        let listed = workspace.list_since(&before).unwrap();
        let listed: Vec<_> = listed
            .iter()
            .map(|f| (f.path.as_str(), f.info.changed))
            .collect();
        assert_eq!(
            listed,
            [
                ("grows.csv", true),
                ("same.txt", false),
                ("sub/new.png", true)
            ]
        );
        assert_eq!(
            workspace.usage().unwrap(),
            Usage {
                bytes: 10,
                files: 4
            }
        );
    }

    #[test]
    fn a_link_is_counted_and_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/", folder.path().join("root")).unwrap();
        let workspace = Workspace::at(folder.path().to_owned()).unwrap();
        assert_eq!(workspace.usage().unwrap(), Usage { bytes: 0, files: 1 });
        assert_eq!(workspace.list().unwrap(), []);
    }
}
