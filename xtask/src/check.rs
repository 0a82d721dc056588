//! Formatting, lints and documentation, with warnings denied.

use anyhow::Result;

use crate::build::{NATIVE, WASM, wasm_targets};
use crate::dashboard;
use crate::step::{cargo, run};

/// All checks that need nothing to be run. What is not native is linted for
/// the target it is built for.
pub(crate) fn check() -> Result<()> {
    wasm_targets()?;
    run(
        "checking the formatting",
        &mut cargo(["fmt", "--all", "--check"]),
    )?;
    run(
        "linting the native packages",
        cargo(["clippy", "--release", "--all-targets"])
            .args(NATIVE)
            .args(["--", "--deny", "warnings"]),
    )?;
    run(
        "linting xtask",
        &mut cargo([
            "clippy",
            "--release",
            "--all-targets",
            "--package",
            "xtask",
            "--",
            "--deny",
            "warnings",
        ]),
    )?;
    for (package, target) in [("function", WASM), ("dashboard", dashboard::WASM)] {
        run(
            &format!("linting the {package}"),
            cargo(["clippy", "--release", "--package", package])
                .args(["--target", target, "--", "--deny", "warnings"]),
        )?;
    }
    run(
        "checking the documentation",
        cargo(["doc", "--release", "--no-deps", "--document-private-items"])
            .args(NATIVE)
            // It is written for who works on this, and may point at what is private.
            .env(
                "RUSTDOCFLAGS",
                "--deny warnings --allow rustdoc::private_intra_doc_links",
            ),
    )
}
