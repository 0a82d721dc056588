//! From a checkout to everything that `vivarium serve` needs.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Result, bail};

use crate::dashboard;
use crate::step::{answer, cargo, program, root, run, say};

/// What the function is compiled for. Spin 4 runs components of this target.
pub(crate) const WASM: &str = "wasm32-wasip2";

/// The profile and the packages of every native build: cargo decides on the features of dependencies by what it is
/// asked to build, and another selection would compile wasmtime, which takes minutes, once more.
pub(crate) const NATIVE: [&str; 9] = [
    "--release",
    "--package",
    "api",
    "--package",
    "runtime",
    "--package",
    "service",
    "--package",
    "tests",
];

/// This program, which is not among them: what it is made of was compiled already, to run it, and would be
/// once more in their company.
pub(crate) const XTASK: [&str; 2] = ["--package", "xtask"];

/// The function, the dashboard, the binary and then the image, which needs the binary.
pub(crate) fn build() -> Result<()> {
    build_parts()?;
    // What is in it is for who asks; what goes wrong and how far it is, it says on stderr.
    run(
        "making sure of the interpreter's image",
        program(vivarium()).arg("image").stdout(Stdio::null()),
    )
}

/// All that is compiled and no image.
pub(crate) fn build_parts() -> Result<()> {
    check_tools()?;
    // The dashboard's profile has a folder of its own, so cargo builds it beside the others; linking it and making it
    // smaller keeps one processor busy for minutes.
    std::thread::scope(|scope| {
        let dashboard = scope.spawn(dashboard::build);
        let others = build_for_wasm("function").and_then(|_| {
            run(
                "building the native packages",
                cargo(["build"]).args(NATIVE),
            )
        });
        let dashboard = dashboard
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        others.and(dashboard)
    })
}

/// A package that runs in a Spin host; gives its file.
pub(crate) fn build_for_wasm(package: &str) -> Result<PathBuf> {
    run(
        &format!("building the {package} for {WASM}"),
        cargo(["build", "--release", "--package", package]).args(["--target", WASM]),
    )?;
    Ok(target().join(WASM).join(format!("release/{package}.wasm")))
}

/// The binary that [`build`] makes.
pub(crate) fn vivarium() -> PathBuf {
    target().join("release/vivarium")
}

/// Where cargo puts what it compiles.
pub(crate) fn target() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    root().join(target)
}

/// Finds out early what would otherwise be missing after minutes of compiling.
fn check_tools() -> Result<()> {
    wasm_targets()?;
    if answer(program("python3").args(["-m", "pip", "--version"])).is_none() {
        say("`python3 -m pip` does not work here; it is needed once, to download the interpreter");
        say("hint: on Debian, `apt-get install python3-pip`");
    }
    Ok(())
}

/// rustup installs the targets of rust-toolchain.toml, unless the toolchain was there before or
/// automatic installation is off.
pub(crate) fn wasm_targets() -> Result<()> {
    let installed = answer(program("rustup").args(["target", "list", "--installed"]));
    for target in [WASM, dashboard::WASM] {
        match &installed {
            Some(list) if list.lines().any(|line| line.trim() == target) => {}
            Some(_) => run(
                &format!("installing the target {target}"),
                program("rustup").args(["target", "add", target]),
            )?,
            None if sysroot_has(target) => {}
            None => bail!(
                "the Rust target {target} is missing, and there is no rustup to install it\n\
                 hint: install Rust with rustup (https://rustup.rs), or add {target} to your toolchain"
            ),
        }
    }
    Ok(())
}

/// For toolchains that did not come by rustup.
fn sysroot_has(target: &str) -> bool {
    answer(program("rustc").args(["--print", "target-libdir", "--target", target]))
        .is_some_and(|folder| PathBuf::from(folder.trim()).is_dir())
}
