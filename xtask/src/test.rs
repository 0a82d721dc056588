//! `cargo xtask test`.

use anyhow::Result;

use crate::build::{NATIVE, XTASK, build};
use crate::spin::build_component;
use crate::step::{cargo, run};
use crate::{browser, clients, dashboard};

/// Those without wasmtime, whose tests are compiled quickly: what runs in a host or a browser, and the typed client
/// with its example and its documentation's.
const PURE: [&str; 10] = [
    "--package",
    "api",
    "--package",
    "component",
    "--package",
    "dashboard",
    "--package",
    "function",
    "--features",
    "api/client",
];

/// The python service of the end-to-end tests. What the two do differently is in `tests/conformance.rs`, which always
/// has both.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Python {
    /// The one in `vivarium`'s own process
    #[default]
    Native,
    /// The Spin component
    Component,
}

impl Python {
    /// As the tests' harness reads it.
    fn variable(self) -> (&'static str, &'static str) {
        let which = match self {
            Self::Native => "native",
            Self::Component => "component",
        };
        ("VIVARIUM_TEST_PYTHON", which)
    }
}

/// Builds everything that the end-to-end tests start, then runs every test of the workspace.
///
/// The function, the component and the dashboard are WebAssembly, but what they are made of is tested natively;
/// first, since that is quick; the rest whatever fails.
pub(crate) fn test(python: Python, args: &[String]) -> Result<()> {
    // Fetching what the tests look through and talk with takes its time, and hardly a processor.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            browser::prepare();
            clients::prepare();
        });
        build()
    })?;
    build_component()?;
    let pure = run(
        "testing the packages without wasmtime",
        test_command(&[&PURE[..], &["--no-fail-fast"]].concat()).args(args),
    );
    let xtask = run("testing xtask", test_command(&XTASK).args(args));
    let (variable, which) = python.variable();
    let native = run(
        "testing the native packages and the whole",
        test_command(&[&NATIVE[..], &["--no-fail-fast"]].concat())
            .env(variable, which)
            .args(args),
    );
    pure.and(xtask)
        .and(native)
        .and_then(|()| dashboard::check_size())
}

fn test_command(packages: &[&str]) -> std::process::Command {
    let mut command = cargo(["test"]);
    command.args(packages).arg("--");
    command
}
