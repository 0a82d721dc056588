//! Formatting, lints and documentation, with warnings denied.

use anyhow::Result;

use crate::build::{NATIVE, WASM, XTASK, wasm_targets};
use crate::dashboard;
use crate::step::{cargo, run};

/// All checks that need nothing to be run. What is not native is linted for the target it is built for.
pub(crate) fn check() -> Result<()> {
    wasm_targets()?;
    run(
        "checking the formatting",
        &mut cargo(["fmt", "--all", "--check"]),
    )?;
    for (what, packages) in [
        ("the native packages", &NATIVE[..]),
        ("the client", &["--package", "api", "--features", "client"]),
        ("xtask", &XTASK),
    ] {
        run(
            &format!("linting {what}"),
            cargo(["clippy", "--all-targets"])
                .args(packages)
                .args(["--", "--deny", "warnings"]),
        )?;
        run(
            &format!("checking the documentation of {what}"),
            cargo(["doc", "--no-deps", "--document-private-items"])
                .args(packages)
                // It is written for who works on this, and may point at what is private.
                .env(
                    "RUSTDOCFLAGS",
                    "--deny warnings --allow rustdoc::private_intra_doc_links",
                ),
        )?;
    }
    for (package, target) in [
        ("function", WASM),
        ("component", WASM),
        ("dashboard", dashboard::WASM),
    ] {
        run(
            &format!("linting the {package}"),
            cargo(["clippy", "--release", "--all-targets", "--package", package])
                .args(["--target", target, "--", "--deny", "warnings"]),
        )?;
    }
    Ok(())
}
