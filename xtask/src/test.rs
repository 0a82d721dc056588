//! `cargo xtask test`.

use anyhow::Result;

use crate::build::{CLIENT, NATIVE, XTASK, build};
use crate::step::{cargo, run};
use crate::{browser, clients, dashboard};

/// Builds everything that the end-to-end tests start, then runs every test of the workspace.
///
/// The function and the dashboard are modules of WebAssembly, but what they are made of is tested natively;
/// first, since that is quick; the rest whatever fails.
pub(crate) fn test(args: &[String]) -> Result<()> {
    browser::prepare();
    clients::prepare();
    build()?;
    let function = run(
        "testing the function",
        test_command(&["--package", "function"]).args(args),
    );
    let dashboard = run(
        "testing the dashboard",
        test_command(&["--package", "dashboard"]).args(args),
    );
    let client = run("testing the client", test_command(&CLIENT).args(args));
    let xtask = run("testing xtask", test_command(&XTASK).args(args));
    let native = run(
        "testing the native packages and the whole",
        test_command(&[&NATIVE[..], &["--no-fail-fast"]].concat()).args(args),
    );
    function
        .and(dashboard)
        .and(client)
        .and(xtask)
        .and(native)
        .and_then(|()| dashboard::check_size())
}

fn test_command(packages: &[&str]) -> std::process::Command {
    let mut command = cargo(["test", "--release"]);
    command.args(packages).arg("--");
    command
}
