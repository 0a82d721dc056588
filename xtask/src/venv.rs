//! Python packages for tests and the benchmark, each set in a virtual environment of its own below `target`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::step::{program, root, run};

/// The clients that agents have, which the tests use as they are.
pub(crate) const CLIENTS: Venv = Venv {
    folder: "target/tools/venv",
    packages: &[
        "e2b==2.63.0",
        "e2b-code-interpreter==2.11.5",
        "langchain-openai==1.7.3",
        "langgraph==1.2.22",
        "mcp==2.3.0",
        "openai==3.54.0",
        "prometheus-client==0.26.0",
        "schemathesis==4.32.5",
        "smolagents==1.26.0",
    ],
};

/// What `python3` needs to run the programs of the benchmark.
pub(crate) const BENCH: Venv = Venv {
    folder: "target/bench-venv",
    packages: &["numpy", "pandas", "matplotlib"],
};

/// A virtual environment.
pub(crate) struct Venv {
    folder: &'static str,
    packages: &'static [&'static str],
}

impl Venv {
    /// Its interpreter.
    pub(crate) fn python(&self) -> PathBuf {
        root().join(self.folder).join("bin/python")
    }

    /// Makes it, unless a former run has made it with the same packages.
    pub(crate) fn install(&self) -> Result<()> {
        let folder = root().join(self.folder);
        let (packages, made) = (self.packages.join("\n"), folder.join("packages.txt"));
        if fs::read_to_string(&made).is_ok_and(|before| before == packages) {
            return Ok(());
        }
        run(
            &format!("making a virtual environment in {}", self.folder),
            program("python3")
                .args(["-m", "venv", "--clear"])
                .arg(&folder),
        )
        .context("hint: on Debian, `apt-get install python3-venv`")?;
        run(
            &format!("installing {} into it", self.packages.join(", ")),
            program(self.python())
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ])
                .args(self.packages),
        )?;
        fs::write(made, packages).context("can't note what was installed")
    }
}
