//! Set-up, builds and checks: `cargo xtask serve | test | check | ci | build | dashboard | spin | bench | try-model`.
//!
//! Each command does all that it needs on a fresh machine with rustup and Python 3: the wasm target,
//! the function, the dashboard, the binary, the interpreter's image. What `.ci/run` runs is made of these commands
//! and nothing else.
//!
//! - [`build`]: from a checkout to everything that `vivarium serve` needs
//! - [`dashboard`]: its part of that
//! - [`npm`]: what comes by npm
//! - [`spin`]: all of it for a Spin host
//! - [`check`]: formatting and lints
//! - [`mod@test`]: every test
//! - [`browser`]: what the dashboard's tests look through
//! - [`clients`]: clients of others that tests use; [`venv`]: what comes by pip
//! - [`mod@bench`]: the figures of the README
//! - [`try_model`]: openinterpreter mode with a real model
//! - [`server`]: a running `vivarium`
//! - [`step`]: running another program, and saying so

mod bench;
mod browser;
mod build;
mod check;
mod clients;
mod dashboard;
mod npm;
mod serve;
mod server;
mod spin;
mod step;
mod test;
mod try_model;
mod venv;

use clap::{Parser, Subcommand};

/// Vivarium's set-up, builds and checks.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and run the application: `vivarium serve`
    Serve {
        /// Passed on to `vivarium serve`, such as `--listen 127.0.0.1:8000`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Build everything and run every test
    Test {
        /// Which python service the end-to-end tests are about
        #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
        python: test::Python,
        /// Passed on to the test binaries, such as a part of a test's name
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Formatting, lints and documentation, with warnings denied
    Check,
    /// What CI runs: `check`, then `test`
    Ci,
    /// Build the function, the dashboard, the binary and the interpreter's image
    Build,
    /// Build the dashboard alone; a server that runs already serves it from then on
    Dashboard,
    /// Build the whole application for a Spin host, the interpreter included, in `target/spin`
    Spin,
    /// Measure against `python3` started as a subprocess, and print a Markdown table
    Bench(bench::Options),
    /// Have a real model do a dozen small tasks in openinterpreter mode, and say how many ended well
    TryModel(try_model::Options),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve { args } => serve::serve(&args),
        Command::Test { python, args } => test::test(python, &args),
        Command::Check => check::check(),
        Command::Ci => {
            check::check()?;
            test::test(test::Python::default(), &[])
        }
        Command::Build => build::build(),
        Command::Dashboard => dashboard::build(),
        Command::Spin => spin::spin(),
        Command::Bench(options) => bench::bench(&options),
        Command::TryModel(options) => try_model::try_model(&options),
    }
}
