//! `cargo xtask test`.

use anyhow::Result;

use crate::build::{CLIENT, NATIVE, XTASK, build};
use crate::spin::build_component;
use crate::step::{cargo, run};
use crate::{browser, clients, dashboard};

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
/// The function and the dashboard are modules of WebAssembly, but what they are made of is tested natively;
/// first, since that is quick; the rest whatever fails.
pub(crate) fn test(python: Python, args: &[String]) -> Result<()> {
    browser::prepare();
    clients::prepare();
    build()?;
    build_component()?;
    let function = run(
        "testing the function",
        test_command(&["--package", "function"]).args(args),
    );
    let dashboard = run(
        "testing the dashboard",
        test_command(&["--package", "dashboard"]).args(args),
    );
    let component = run(
        "testing the component",
        test_command(&["--package", "component"]).args(args),
    );
    let client = run("testing the client", test_command(&CLIENT).args(args));
    let xtask = run("testing xtask", test_command(&XTASK).args(args));
    let (variable, which) = python.variable();
    let native = run(
        "testing the native packages and the whole",
        test_command(&[&NATIVE[..], &["--no-fail-fast"]].concat())
            .env(variable, which)
            .args(args),
    );
    function
        .and(dashboard)
        .and(component)
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
