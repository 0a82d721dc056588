//! Running another program as one step of a task, with a line that says what it is for.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The checkout that this xtask was built from.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the checkout")
        .to_owned()
}

/// Says what is about to happen; on stderr, since stdout is for data.
pub(crate) fn say(what: &str) {
    eprintln!("xtask: {what}");
}

/// The cargo that started us, in the checkout's root.
///
/// It is not told what `cargo run` told us of our own package: build scripts that ask for it (ring's does)
/// would run again, and much be compiled again, whenever a build by hand and a build by xtask take turns.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let mut command = program(std::env::var("CARGO").as_deref().unwrap_or("cargo"));
    for (name, _) in std::env::vars_os() {
        let ours =
            |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        if name.to_str().is_some_and(ours) {
            command.env_remove(name);
        }
    }
    command.args(args);
    command
}

/// A program, to be run in the checkout's root.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// Runs a program whose output is the terminal's; anything but success ends the task.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<()> {
    say(what);
    succeed(command).with_context(|| what.to_owned())
}

/// The same without a word.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("can't start {command:?}"))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

/// What a program prints, or `None` where it can't be started or fails.
pub(crate) fn answer(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
