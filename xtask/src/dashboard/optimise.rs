//! wasm-opt, which takes a fourteenth off the module, and less off what it is compressed to.

use std::fs;

use anyhow::Result;
use tempfile::TempDir;

use crate::npm::BINARYEN;
use crate::step::{program, say, succeed};

/// What rustc's modules of this target may use, which wasm-opt is not to take for a mistake.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Makes modules smaller, and says whether it did: without npm, or with a Node that is too old for wasm-opt, the page is
/// larger and works as well.
pub(super) fn optimise<'a>(modules: impl IntoIterator<Item = &'a mut Vec<u8>>) -> Result<bool> {
    if let Err(error) = BINARYEN.install() {
        return without(&error);
    }
    say("making the dashboard's modules smaller");
    for module in modules {
        let folder = TempDir::new()?;
        let (from, to) = (
            folder.path().join("from.wasm"),
            folder.path().join("to.wasm"),
        );
        fs::write(&from, &module)?;
        let mut command = program("node");
        command.arg(BINARYEN.file("bin/wasm-opt")).arg("-Oz");
        command.args(FEATURES).arg(&from).arg("-o").arg(&to);
        if let Err(error) = succeed(&mut command) {
            return without(&error);
        }
        *module = fs::read(to)?;
    }
    Ok(true)
}

fn without(error: &anyhow::Error) -> Result<bool> {
    say(&format!(
        "the dashboard stays larger than it need be, without wasm-opt: {error:#}"
    ));
    Ok(false)
}
