//! What comes from PyPI, at the versions written here, in a virtual environment at `target/tools/venv`: other people's
//! clients, which the tests use as they are.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::step::{answer, program, root, run};

/// Every package that a test or an example imports.
const PACKAGES: [&str; 6] = [
    "e2b==2.63.0",
    "e2b-code-interpreter==2.11.5",
    "langchain-openai==1.7.3",
    "langgraph==1.2.22",
    "openai==3.54.0",
    "smolagents==1.26.0",
];

/// Makes sure that they are there, at their versions.
pub(crate) fn install() -> Result<()> {
    let venv = root().join("target/tools/venv");
    let python = venv.join("bin/python");
    if is_complete(&python) {
        return Ok(());
    }
    run(
        "making a virtual environment for other people's clients",
        program("python3").args(["-m", "venv", "--clear"]).arg(venv),
    )
    .context("hint: on Debian, `apt-get install python3-venv`")?;
    run(
        &format!("installing {}", PACKAGES.join(", ")),
        program(python)
            .args(["-m", "pip", "install", "--quiet"])
            .arg("--disable-pip-version-check")
            .args(PACKAGES),
    )
}

fn is_complete(python: &Path) -> bool {
    let list = answer(program(python).args(["-m", "pip", "list", "--format=freeze"]));
    list.is_some_and(|list| {
        PACKAGES
            .iter()
            .all(|package| list.lines().any(|line| line == *package))
    })
}
