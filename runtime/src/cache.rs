//! Where compiled things are kept between starts, and whether they can be trusted.
//!
//! Compiled code is loaded as it is, so whoever can write it owns this process. A file is used only
//! if this user alone can write it and the folders it lies in.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// The cache folder, made with its parents if it is missing: `$XDG_CACHE_HOME/vivarium`, or
/// `~/.cache/vivarium`.
pub fn dir() -> io::Result<PathBuf> {
    let base = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
        (Some(cache), _) if Path::new(&cache).is_absolute() => PathBuf::from(cache),
        (_, Some(home)) if !home.is_empty() => PathBuf::from(home).join(".cache"),
        _ => {
            return Err(io::Error::other(
                "neither `XDG_CACHE_HOME` nor `HOME` is set, so there is no cache folder",
            ));
        }
    };
    let dir = base.join("vivarium");
    create_private_dir(&dir)?;
    Ok(dir)
}

/// Makes a folder, and what it lies in, that only this user can enter.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Whether this user alone can write the file and the folder it lies in.
pub fn is_private(path: &Path) -> io::Result<bool> {
    let parent = path
        .parent()
        .ok_or_else(|| io::Error::other("the file has no folder"))?;
    Ok(owned_and_closed(&fs::symlink_metadata(path)?) && owned_and_closed(&fs::metadata(parent)?))
}

fn owned_and_closed(metadata: &fs::Metadata) -> bool {
    const WRITABLE_BY_OTHERS: u32 = 0o022;
    let me = rustix::process::geteuid().as_raw();
    !metadata.is_symlink() && metadata.uid() == me && metadata.mode() & WRITABLE_BY_OTHERS == 0
}

/// Waits until this process alone holds the lock; it is released when the file is dropped.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    file.lock()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_that_others_can_write_is_not_private() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("image");
        fs::write(&file, "x").unwrap();
        let chmod = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap()
        };

        chmod(dir.path(), 0o700);
        chmod(&file, 0o600);
        assert!(is_private(&file).unwrap());
        chmod(&file, 0o620);
        assert!(!is_private(&file).unwrap());
        chmod(&file, 0o600);
        chmod(dir.path(), 0o777);
        assert!(!is_private(&file).unwrap());
    }

    #[test]
    fn a_link_is_not_private() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
        assert!(!is_private(&link).unwrap());
    }
}
