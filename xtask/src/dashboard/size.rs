//! What a browser loads before it shows anything.

use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, fs};

use anyhow::{Result, ensure};

use super::{folder, fresh};
use crate::step::say;

/// The page should be there at once on a phone's connection, too: 350 KB are two seconds at 1.5 Mbit/s.
const LIMIT_BYTES: u64 = 350_000;
/// The module names the files of crates where it panics, by paths that begin with cargo's home: what that may add on
/// another machine.
const PATHS_BYTES: u64 = 2_000;

/// Fails if the dashboard that was built has grown too large: its front page, which is where one begins.
pub(crate) fn check_size() -> Result<()> {
    let size = Size::measured()?;
    if !fresh::is_optimised() {
        say(&format!(
            "{size}, but Binaryen did not see it, and its limit is not enforced"
        ));
        return Ok(());
    }
    ensure!(
        size.0 <= LIMIT_BYTES + PATHS_BYTES,
        "{size}\nhint: find out what has grown, `cargo tree --package dashboard` first"
    );
    Ok(())
}

/// What the dashboard calls it where it is cut up.
const FRONT_PAGE: &str = "overview";

/// Bytes, compressed with Brotli, which every browser takes.
pub(super) struct Size(u64);

impl Size {
    /// Of the front page with all that it asks for when it is opened. The other pages come later.
    pub(super) fn measured() -> Result<Self> {
        let pages = folder::pages()?;
        let (mut first, mut all) = (0, BTreeMap::new());
        for entry in fs::read_dir(folder::path())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(name) = name.strip_suffix(".br") else {
                continue;
            };
            let bytes = entry.metadata()?.len();
            all.insert(format!("/assets/{name}"), bytes);
            first += bytes;
        }
        let bytes = |urls: &Vec<String>| urls.iter().filter_map(|url| all.get(url)).sum::<u64>();
        let parts: BTreeSet<_> = pages.values().flatten().collect();
        let parts: u64 = parts.into_iter().filter_map(|url| all.get(url)).sum();
        let front = pages.get(FRONT_PAGE).map(bytes).unwrap_or_default();
        Ok(Self(first - parts + front))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the dashboard is {} bytes to load, of {LIMIT_BYTES} at most",
            self.0
        )
    }
}
