//! Whether the folder is already what would be made.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use sha2::{Digest as _, Sha256};

use super::assets::hex;
use super::folder;
use super::sources::Sources;
use crate::npm::BINARYEN;
use crate::step::root;

/// What is noted where Binaryen was there.
const OPTIMISED: &str = "optimised";

/// Stands for everything that the folder is made of.
pub(super) struct Key(String);

impl Key {
    /// The files that go in, and this program, which has the tools in it.
    pub(super) fn of(compiled: &[u8], sources: &Sources) -> Result<Self> {
        let mut hash = Sha256::new();
        let mut add = |content: &[u8]| {
            hash.update((content.len() as u64).to_le_bytes());
            hash.update(content);
        };
        add(&fs::read(std::env::current_exe()?)?);
        add(compiled);
        add(sources.page.as_bytes());
        add(&sources.style);
        for (name, content) in &sources.statics {
            add(name.as_bytes());
            add(content);
        }
        Ok(Self(hex(&hash.finalize())))
    }

    /// Whether the folder was made of the same. One that was made without Binaryen is made again once that is
    /// installed, not sooner: who has no npm, or no network, is not to wait for it each time.
    pub(super) fn is_fresh(&self) -> bool {
        let kept = fs::read_to_string(file()).unwrap_or_default();
        let same = kept == self.text(true) || kept == self.text(false) && !BINARYEN.is_installed();
        same && folder::path().join("index.html").is_file()
    }

    /// Remembers what the folder was made of.
    pub(super) fn keep(&self, optimised: bool) -> Result<()> {
        Ok(fs::write(file(), self.text(optimised))?)
    }

    fn text(&self, optimised: bool) -> String {
        let how = if optimised { OPTIMISED } else { "plain" };
        format!("{} {how}\n", self.0)
    }
}

/// Whether the modules in the folder are as small as they get.
pub(super) fn is_optimised() -> bool {
    fs::read_to_string(file()).is_ok_and(|kept| kept.trim_end().ends_with(OPTIMISED))
}

/// Beside the folder, not in it: what is in it is served.
fn file() -> PathBuf {
    root().join("target/dashboard.key")
}
