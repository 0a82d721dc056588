//! wasm-opt, which takes a fourteenth off the module, and less off what it is compressed to.

use std::fs;

use anyhow::Result;
use tempfile::TempDir;

use super::bindgen::Bound;
use crate::npm::BINARYEN;
use crate::step::{program, run, say};

/// What rustc's modules of this target may use, which wasm-opt is not to take for a mistake.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Makes the module smaller, and says whether it did: without npm the page is larger and works as well.
pub(super) fn optimise(bound: Bound) -> Result<(bool, Bound)> {
    if let Err(error) = BINARYEN.install() {
        say(&format!(
            "the dashboard stays larger than it need be, without wasm-opt: {error:#}"
        ));
        return Ok((false, bound));
    }
    let folder = TempDir::new()?;
    let (from, to) = (
        folder.path().join("from.wasm"),
        folder.path().join("to.wasm"),
    );
    fs::write(&from, &bound.wasm)?;
    run(
        "making the dashboard's module smaller",
        program("node")
            .arg(BINARYEN.file("bin/wasm-opt"))
            .arg("-Oz")
            .args(FEATURES)
            .arg(&from)
            .arg("-o")
            .arg(&to),
    )?;
    let wasm = fs::read(to)?;
    Ok((true, Bound { wasm, ..bound }))
}
