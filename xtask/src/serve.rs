//! `cargo xtask serve`.

use std::os::unix::process::CommandExt as _;

use anyhow::{Context as _, Result};

use crate::build::{build, vivarium};
use crate::step::{program, say};

/// Builds everything, and becomes `vivarium serve`: Ctrl-C and SIGTERM then reach it as they should.
pub(crate) fn serve(args: &[String]) -> Result<()> {
    build()?;
    say("starting `vivarium serve`");
    let error = program(vivarium()).arg("serve").args(args).exec();
    Err(error).context("can't start `vivarium serve`")
}
