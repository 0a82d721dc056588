//! wasm-bindgen: from what rustc made to a module that a browser can load, and the JavaScript for it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use tempfile::TempDir;
use wasm_bindgen_cli_support::Bindgen;

/// What wasm-bindgen made.
pub(super) struct Bound {
    pub(super) wasm: Vec<u8>,
    pub(super) js: String,
    /// The JavaScript that crates brought along: the name by which `js` imports it, and its text.
    pub(super) snippets: Vec<(String, String)>,
}

/// Runs wasm-bindgen. It is tied to the version of the crate `wasm-bindgen` in the workspace's manifest, and
/// refuses a module of another.
pub(super) fn bind(compiled: Vec<u8>) -> Result<Bound> {
    let folder = TempDir::new()?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("dashboard", compiled)
        .web(true)?
        .typescript(false)
        // The other parts of the module use them.
        .keep_lld_exports(true)
        // Its name has its hash, and the JavaScript is told of it.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .generate(folder.path())
        .context("wasm-bindgen can't make sense of the dashboard")?;
    Ok(Bound {
        wasm: fs::read(folder.path().join("dashboard_bg.wasm"))?,
        js: fs::read_to_string(folder.path().join("dashboard.js"))?,
        snippets: snippets(folder.path(), "snippets")?,
    })
}

/// Every file under a folder of the output, by its path there.
fn snippets(output: &Path, folder: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    if !output.join(folder).is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(output.join(folder))? {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            found.extend(snippets(output, &path)?);
        } else {
            let text = fs::read_to_string(entry.path())?;
            found.push((path, text));
        }
    }
    Ok(found)
}
