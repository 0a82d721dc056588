//! Cutting the module: what the first page needs, and a part for each page (`dashboard/src/pages.rs` says where).

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result, anyhow};
use tempfile::TempDir;
use wasm_split_cli_support::{Options, transform};

/// By what the module imports what fetches its parts.
pub(super) const LINK: &str = "./__wasm_split.js";
/// By what that imports wasm-bindgen's script.
pub(super) const MAIN: &str = "./dashboard.js";

/// A module in parts.
pub(super) struct Split {
    /// What is there from the beginning; for wasm-bindgen.
    pub(super) main: Vec<u8>,
    /// The others, by the names that `link` fetches them by.
    pub(super) parts: BTreeMap<String, Vec<u8>>,
    /// JavaScript that fetches them.
    pub(super) link: String,
    /// Which of them each page needs.
    pub(super) pages: BTreeMap<String, Vec<String>>,
}

/// Cuts a module up that was linked with `--emit-relocs`.
pub(super) fn split(compiled: &[u8]) -> Result<Split> {
    let folder = TempDir::new()?;
    let main = folder.path().join("main.wasm");
    let mut options = Options::new(compiled);
    options.output_dir = folder.path();
    options.main_out_path = &main;
    options.link_name = LINK;
    options.main_module = MAIN;
    let split = transform(options)
        .map_err(|error| anyhow!("{error:?}"))
        .context(
            "the dashboard's module can't be cut up; are the flags of .cargo/config.toml in force?",
        )?;
    let mut parts = BTreeMap::new();
    for path in &split.split_modules {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        parts.insert(format!("./{name}"), fs::read(path)?);
    }
    let file = |name: &String| format!("./{name}.wasm");
    let pages = split.prefetch_map.iter();
    Ok(Split {
        main: fs::read(&main)?,
        parts,
        link: fs::read_to_string(folder.path().join(LINK))?,
        pages: pages
            .map(|(page, parts)| (page.clone(), parts.iter().map(file).collect()))
            .collect(),
    })
}
