//! Binaryen's optimiser, which takes a fourteenth off the module, and less off what it is compressed to.

use std::fs;

use anyhow::Result;
use tempfile::TempDir;

use crate::npm::BINARYEN;
use crate::step::{program, say, succeed};

const SCRIPT: &str = include_str!("optimise.mjs");

/// Makes modules smaller, and says whether it did: without npm, or with a Node that is too old for Binaryen, the page is
/// larger and works as well.
pub(super) fn optimise<'a>(modules: impl IntoIterator<Item = &'a mut Vec<u8>>) -> Result<bool> {
    if let Err(error) = BINARYEN.install() {
        return without(&error);
    }
    say("making the dashboard's modules smaller");
    let folder = TempDir::new()?;
    let mut files = Vec::new();
    for (number, module) in modules.into_iter().enumerate() {
        let file = folder.path().join(format!("{number}.wasm"));
        fs::write(&file, &module)?;
        files.push((file, module));
    }
    let mut command = program("node");
    command.args(["--input-type=module", "--eval", SCRIPT, "--"]);
    command.arg(BINARYEN.file("index.js"));
    command.args(files.iter().map(|(file, _)| file));
    if let Err(error) = succeed(&mut command) {
        return without(&error);
    }
    for (file, module) in files {
        *module = fs::read(file)?;
    }
    Ok(true)
}

fn without(error: &anyhow::Error) -> Result<bool> {
    say(&format!(
        "the dashboard stays larger than it need be, without Binaryen: {error:#}"
    ));
    Ok(false)
}
