//! What the tests of the dashboard look through: a browser, its driver, and axe.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::npm;
use crate::step::{answer, program, run, say};

/// Programs of which one has to be there, and the packages of Debian that have it.
const NEEDED: [(&[&str], &[&str]); 4] = [
    (
        &["chromium", "chromium-browser", "google-chrome"],
        // Without a font there is nothing to be seen.
        &["chromium", "fonts-liberation"],
    ),
    (&["chromedriver"], &["chromium-driver"]),
    (&["node"], &["nodejs"]),
    (&["npm"], &["npm"]),
];

/// Installs what is missing where that may be done, and says what to do where not. Then the tests that need it
/// fail and the others run: who works on something else need not have a browser.
pub(crate) fn prepare() {
    for done in [install(), npm::AXE.install()] {
        if let Err(error) = done {
            say(&format!("tests of the dashboard will fail: {error:#}"));
        }
    }
}

fn install() -> Result<()> {
    let missing: Vec<_> = NEEDED
        .iter()
        .filter(|(programs, _)| !programs.iter().any(|name| is_installed(name)))
        .flat_map(|(_, packages)| packages.iter().copied())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let is_root = answer(program("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !is_root || !is_installed("apt-get") {
        bail!(
            "there is no browser, or not all that drives it\nhint: on Debian, `apt-get install {}`",
            missing.join(" ")
        );
    }
    run(
        "updating the list of packages",
        program("apt-get").args(["update", "-qq"]),
    )?;
    run(
        &format!("installing {}", missing.join(" ")),
        program("apt-get")
            .args(["install", "-qq", "--yes", "--no-install-recommends"])
            .args(missing)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

fn is_installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder: PathBuf| folder.join(name).is_file())
}
