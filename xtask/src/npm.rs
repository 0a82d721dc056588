//! Programs that come by npm, at the versions written here, in `target/tools`.

use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::step::{answer, program, root, run};

/// Makes modules of WebAssembly smaller. It is one itself: no compiler is needed, and the same bytes come out everywhere.
pub(crate) const BINARYEN: Package = Package {
    name: "binaryen",
    version: "132.0.0",
};

/// Finds what makes a page hard to use for some. The tests of the dashboard ask it.
pub(crate) const AXE: Package = Package {
    name: "axe-core",
    version: "4.14.1",
};

/// The client of the Model Context Protocol for the revisions of 2025.
pub(crate) const MCP_SDK: Package = Package {
    name: "@modelcontextprotocol/sdk",
    version: "1.32.2",
};

/// The same for that of 2026.
pub(crate) const MCP_CLIENT: Package = Package {
    name: "@modelcontextprotocol/client",
    version: "2.4.0",
};

/// A package at one version.
pub(crate) struct Package {
    name: &'static str,
    version: &'static str,
}

impl Package {
    /// Where a file of it is.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        tools().join("node_modules").join(self.name).join(path)
    }

    /// Whether it is there, at its version.
    pub(crate) fn is_installed(&self) -> bool {
        let manifest = fs::read(self.file("package.json")).unwrap_or_default();
        serde_json::from_slice::<Value>(&manifest)
            .is_ok_and(|manifest| manifest["version"] == self.version)
    }

    /// Makes sure that it is there.
    pub(crate) fn install(&self) -> Result<()> {
        /// All packages are in one folder, where npm can do one thing at a time.
        static INSTALLING: Mutex<()> = Mutex::new(());
        let _installing = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_installed() {
            return Ok(());
        }
        if !is_here() {
            bail!(
                "there is no npm to install {} with\nhint: install Node.js; on Debian, `apt-get install nodejs npm`",
                self.name
            );
        }
        fs::create_dir_all(tools())?;
        run(
            &format!("installing {} {}", self.name, self.version),
            program("npm")
                .args(["install", "--prefix"])
                .arg(tools())
                // One try more than the first: who is offline should not wait for minutes.
                .args(["--fetch-retries=1", "--fetch-timeout=60000"])
                .args([
                    "--save-exact",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                ])
                .arg("--loglevel=error")
                .arg(format!("{}@{}", self.name, self.version))
                // Stdout is for data.
                .stdout(std::process::Stdio::null()),
        )
    }
}

/// Whether npm and node work here.
pub(crate) fn is_here() -> bool {
    ["npm", "node"]
        .into_iter()
        .all(|name| answer(program(name).arg("--version")).is_some())
}

fn tools() -> PathBuf {
    root().join("target/tools")
}
