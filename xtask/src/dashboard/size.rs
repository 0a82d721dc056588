//! What a browser loads before it shows anything.

use std::{fmt, fs};

use anyhow::{Result, ensure};

use super::folder;

/// The page should be there at once on a phone's connection, too: 350 KB are two seconds at 1.5 Mbit/s.
const LIMIT_BYTES: u64 = 350_000;

/// Fails if the dashboard that was built has grown too large.
pub(crate) fn check_size() -> Result<()> {
    let size = Size::measured()?;
    ensure!(
        size.0 <= LIMIT_BYTES,
        "{size}\nhint: find out what has grown, `cargo tree --package dashboard` first; \
         without npm the module is a little larger, since wasm-opt did not see it"
    );
    Ok(())
}

/// Bytes, compressed with Brotli, which every browser takes.
pub(super) struct Size(u64);

impl Size {
    /// Of the page and all that it may ask for: there is nothing that it would ask for later.
    pub(super) fn measured() -> Result<Self> {
        let mut bytes = 0;
        for entry in fs::read_dir(folder::path())? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(".br") {
                bytes += entry.metadata()?.len();
            }
        }
        Ok(Self(bytes))
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
