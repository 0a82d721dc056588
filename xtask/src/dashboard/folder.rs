//! `target/dashboard`: each file with what it is compressed to.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::assets::Assets;
use crate::step::root;

/// Where it is: spin.toml says so too.
pub(super) fn path() -> PathBuf {
    root().join("target/dashboard")
}

/// What each page needs beside what all of them do: URLs, as [`write()`] left them.
pub(super) fn pages() -> Result<BTreeMap<String, Vec<String>>> {
    let file = pages_file();
    let text = fs::read(&file).with_context(|| format!("can't read {}", file.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

/// Beside the folder, not in it: what is in it is served.
fn pages_file() -> PathBuf {
    root().join("target/dashboard.pages")
}

/// Makes everything elsewhere and moves it there, the page last and what is no longer needed away after
/// it: at any time the page that a server reads has all that it names. The folder itself stays, for a
/// server that runs has it open.
pub(super) fn write(assets: &Assets) -> Result<()> {
    let folder = path();
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    let made = TempDir::new_in(root().join("target"))?;
    fs::write(pages_file(), serde_json::to_vec(&assets.pages)?)?;
    let mut names = Vec::new();
    for (name, content) in &assets.files {
        names.extend(compressed(made.path(), name, content)?);
    }
    names.extend(compressed(
        made.path(),
        "index.html",
        assets.page.as_bytes(),
    )?);
    for name in &names {
        fs::rename(made.path().join(name), folder.join(name))?;
    }
    let names: BTreeSet<&OsStr> = names.iter().map(AsRef::as_ref).collect();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        if !names.contains(entry.file_name().as_os_str()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Writes a file in three forms, and gives their names, its own last.
fn compressed(folder: &Path, name: &str, content: &[u8]) -> Result<[String; 3]> {
    let names = [format!("{name}.br"), format!("{name}.gz"), name.to_owned()];
    fs::write(folder.join(&names[0]), brotli(content)?)?;
    fs::write(folder.join(&names[1]), gzip(content)?)?;
    fs::write(folder.join(&names[2]), content)?;
    Ok(names)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    const BUFFER_BYTES: usize = 1 << 16;
    const BEST: u32 = 11;
    // The largest window that every decoder knows, 16 MB.
    const WINDOW_BITS: u32 = 24;
    let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, BEST, WINDOW_BITS);
    writer.write_all(content)?;
    Ok(writer.into_inner())
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content)?;
    Ok(writer.finish()?)
}
