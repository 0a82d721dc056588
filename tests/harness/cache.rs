//! A cache folder of a test's own.

use std::fs;
use std::path::{Path, PathBuf};

/// Makes `folder`, for `XDG_CACHE_HOME`, into a cache that has the image and nothing else: building an
/// image takes minutes.
pub(crate) fn share_image(folder: &Path) {
    let (from, to) = (users_cache(), folder.join("vivarium"));
    fs::create_dir(&to).unwrap();
    fs::set_permissions(&to, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(&from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let copy = to.join(&name);
        if name.starts_with("python-") {
            std::os::unix::fs::symlink(entry.path(), copy).unwrap();
        } else if name.starts_with("image-") {
            // Never through a link that a test could write through.
            fs::copy(entry.path(), copy).unwrap();
        }
    }
}

/// Where the binary keeps its cache.
fn users_cache() -> PathBuf {
    let home =
        || PathBuf::from(std::env::var_os("HOME").expect("there is a home folder")).join(".cache");
    std::env::var_os("XDG_CACHE_HOME")
        .map_or_else(home, PathBuf::from)
        .join("vivarium")
}
