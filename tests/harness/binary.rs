//! Where the things under test are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests is a folder of the checkout")
}

/// A command of the binary that `cargo xtask` builds, in the checkout's root, where spin.toml is.
pub(crate) fn vivarium_command() -> Command {
    let binary = binary();
    assert!(
        binary.is_file(),
        "{} is missing: run `cargo xtask test`",
        binary.display()
    );
    let mut command = Command::new(binary);
    command.current_dir(root());
    // What the person who runs the tests has set must not decide how they end.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SPIN_VARIABLE_")) {
        command.env_remove(name);
    }
    command
}

/// Beside the test binary's own folder: `target/release/deps/tests-…` and `target/release/vivarium`.
pub(crate) fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test binary has a path");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("cargo puts it into `deps`");
    folder.join("vivarium")
}
