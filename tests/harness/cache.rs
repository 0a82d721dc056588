//! A cache folder of a test's own.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::command::vivarium;

/// Makes `folder`, for `XDG_CACHE_HOME`, into a cache that has the image and nothing else: building an
/// image takes minutes.
pub(crate) fn share_image(folder: &Path) {
    let image = current_image();
    let (from, to) = (image.parent().unwrap(), folder.join("vivarium"));
    fs::create_dir(&to).unwrap();
    fs::set_permissions(&to, fs::Permissions::from_mode(0o700)).unwrap();
    for part in [&image, &image.with_extension("json")] {
        // A copy, for a test may change it.
        fs::copy(part, to.join(part.file_name().unwrap())).unwrap();
    }
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with("python-") {
            symlink(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// The image that the binary uses, as `vivarium image` shows it.
fn current_image() -> PathBuf {
    let ended = vivarium(&["image"], "").expect(0);
    let path = ended
        .stdout
        .lines()
        .find_map(|line| line.trim().strip_prefix("file "))
        .map(str::trim);
    PathBuf::from(path.unwrap_or_else(|| panic!("it does not say where the image is\n{ended}")))
}
