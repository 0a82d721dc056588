//! `cargo xtask test`.

use anyhow::Result;

use crate::build::{NATIVE, build};
use crate::step::{cargo, run};

/// Builds everything that the end-to-end tests start, then runs every test of the workspace.
///
/// The function is a component, but what it is made of is tested natively; first, since that is quick; the rest whatever fails.
pub(crate) fn test(args: &[String]) -> Result<()> {
    build()?;
    let function = run(
        "testing the function",
        test_command(&["--package", "function"]).args(args),
    );
    let native = run(
        "testing the native packages and the whole",
        test_command(&[&NATIVE[..], &["--no-fail-fast"]].concat()).args(args),
    );
    function.and(native)
}

fn test_command(packages: &[&str]) -> std::process::Command {
    let mut command = cargo(["test", "--release"]);
    command.args(packages).arg("--");
    command
}
