//! What this system replaces: `python3` started as a subprocess, a new one for every program.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::venv::BENCH;

/// A virtual environment with the packages that the programs use, and a folder to run in.
pub(crate) struct Python {
    interpreter: PathBuf,
    folder: TempDir,
}

impl Python {
    /// Makes `target/bench-venv` unless a former run has.
    pub(crate) fn prepare() -> Result<Self> {
        BENCH.install()?;
        Ok(Self {
            interpreter: BENCH.python(),
            folder: TempDir::new()?,
        })
    }

    /// Runs a program in a new process and gives what it printed; a failure is an error.
    pub(crate) fn run(&self, code: &str) -> Result<String> {
        let output = Command::new(&self.interpreter)
            .args(["-c", code])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("can't start {}", self.interpreter.display()))?;
        if !output.status.success() {
            bail!(
                "python3 failed:\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Its version and its packages'.
    pub(crate) fn version(&self) -> Result<String> {
        let code = "import sys, numpy, pandas, matplotlib\n\
                    print(f'{sys.version.split()[0]}, numpy {numpy.__version__}, \
                    pandas {pandas.__version__}, matplotlib {matplotlib.__version__}')";
        Ok(self.run(code)?.trim().to_owned())
    }
}
