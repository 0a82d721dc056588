//! `cargo xtask test`.

use anyhow::Result;

use crate::build::build;
use crate::step::{cargo, run};

/// Builds everything that the end-to-end tests start, then runs every test of the workspace.
///
/// The function is a component, but what it is made of is tested natively.
pub(crate) fn test(args: &[String]) -> Result<()> {
    build()?;
    run(
        "testing the native packages",
        cargo([
            "test",
            "--release",
            "--workspace",
            "--exclude",
            "function",
            "--",
        ])
        .args(args),
    )?;
    run(
        "testing the function",
        cargo(["test", "--release", "--package", "function", "--"]).args(args),
    )
}
