//! What the page is made of beside the module.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use minifier::css;

use crate::step::root;

/// The files of `dashboard/` that no compiler reads.
pub(super) struct Sources {
    /// `index.html`, with places for the names of the rest.
    pub(super) page: String,
    /// All of `style/`, in the order of the names, without what only we read.
    pub(super) style: Vec<u8>,
    /// `static/`: names and contents, in the order of the names.
    pub(super) statics: Vec<(String, Vec<u8>)>,
}

impl Sources {
    pub(super) fn read() -> Result<Self> {
        let folder = root().join("dashboard");
        let page = folder.join("index.html");
        let mut style = String::new();
        for (name, text) in files(&folder.join("style"))? {
            if name.ends_with(".css") {
                style.push_str(std::str::from_utf8(&text).with_context(|| name)?);
            }
        }
        let style = css::minify(&style).map_err(|error| anyhow!("dashboard/style: {error}"))?;
        Ok(Self {
            page: fs::read_to_string(&page)
                .with_context(|| format!("can't read {}", page.display()))?,
            style: style.to_string().into_bytes(),
            statics: files(&folder.join("static"))?,
        })
    }
}

/// The files of a folder, hidden ones left out, in the order of their names.
fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let list = fs::read_dir(folder).with_context(|| format!("can't read {}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in list {
        paths.push(entry?.path());
    }
    paths.sort();
    let name = |path: &PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    paths
        .into_iter()
        .filter_map(|path| Some((name(&path)?, path)))
        .filter(|(name, path)| !name.starts_with('.') && path.is_file())
        .map(|(name, path)| Ok((name, fs::read(path)?)))
        .collect()
}
