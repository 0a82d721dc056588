//! `cargo xtask spin`: the whole application for a Spin host, in one folder that needs nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use toml_edit::{DocumentMut, Item, value};

use crate::build::{build_for_wasm, build_parts, target, vivarium};
use crate::step::{program, root, run, say};

/// The folder.
fn folder() -> PathBuf {
    target().join("spin")
}

/// Builds everything, and fills the folder: `spin.toml`, the components, and the files that they read.
pub(crate) fn spin() -> Result<()> {
    build_parts()?;
    build_component()?;
    let manifest = root().join("spin.toml");
    let text = fs::read_to_string(&manifest).context("can't read spin.toml")?;
    let manifest = gather(&text).context("can't make a folder of spin.toml")?;
    let path = folder().join("spin.toml");
    fs::write(&path, manifest).with_context(|| format!("can't write {}", path.display()))?;
    let shown = |path: &Path| {
        path.strip_prefix(root())
            .unwrap_or(path)
            .display()
            .to_string()
    };
    say(&format!(
        "the application is in {}; run it with `spin up --from {}`",
        shown(&folder()),
        shown(&path)
    ));
    Ok(())
}

/// The python service as a component. The binary must be there.
pub(crate) fn build_component() -> Result<()> {
    let service = build_for_wasm("component")?;
    run(
        "joining the python service's component with the interpreter",
        program(vivarium())
            .arg("component")
            .arg("--service")
            .arg(service)
            .arg("--output")
            .arg(folder()),
    )
}

/// Copies what a manifest names into the folder, and gives the manifest that names it there.
fn gather(text: &str) -> Result<String> {
    let mut manifest: DocumentMut = text.parse()?;
    let components = manifest["component"]
        .as_table_mut()
        .context("it has no components")?;
    for (name, component) in components.iter_mut() {
        let component = component
            .as_table_mut()
            .with_context(|| format!("component `{name}` is no table"))?;
        // What is here is built.
        component.remove("build");
        component["source"] = value(copied(&component["source"])?);
        let files = component.get_mut("files").and_then(Item::as_array_mut);
        for mount in files.into_iter().flat_map(|files| files.iter_mut()) {
            let mount = mount
                .as_inline_table_mut()
                .with_context(|| format!("component `{name}` mounts no folder"))?;
            let source = mount.get("source").and_then(|source| source.as_str());
            let source = source.context("a folder has no `source`")?.to_owned();
            mount.insert("source", copy(&source)?.into());
        }
    }
    Ok(manifest.to_string())
}

fn copied(source: &Item) -> Result<String> {
    copy(source.as_str().context("a component has no `source`")?)
}

/// Copies a file or a folder under its own name, unless it is there already; gives that name.
fn copy(source: &str) -> Result<String> {
    let from = root().join(source);
    let name = Path::new(source)
        .file_name()
        .and_then(|name| name.to_str())
        .with_context(|| format!("`{source}` has no name"))?;
    let to = folder().join(name);
    if from != to {
        if to.is_dir() {
            fs::remove_dir_all(&to)?;
        }
        copy_all(&from, &to).with_context(|| format!("can't copy {}", from.display()))?;
    }
    Ok(name.to_owned())
}

fn copy_all(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
