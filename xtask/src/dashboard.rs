//! The dashboard: from its sources to `target/dashboard`, the folder that spin.toml mounts.
//!
//! Its files are the page, `index.html`, and what the page asks for under `/assets/`, which is named after
//! its own content (`dashboard-<16 hex>.js`) and so never changes. Each has its `.br` and `.gz` beside it:
//! nothing is compressed when it is served.
//!
//! - [`split`]: the module, cut into what every page needs and what one does
//! - [`bindgen`]: wasm-bindgen, as a library
//! - [`optimise`]: Binaryen's optimiser, where npm can install it
//! - [`sources`]: what else the page is made of
//! - [`assets`]: names, and the page that has them
//! - [`fresh`]: whether there is anything to do
//! - [`folder`]: writing it all
//! - [`size`]: what a browser loads first, and how much that may be

mod assets;
mod bindgen;
mod folder;
mod fresh;
mod optimise;
mod size;
mod sources;
mod split;

use std::fs;

use anyhow::{Context as _, Result};

use crate::build::target;
use crate::step::{cargo, run, say};
use assets::Assets;
use fresh::Key;
use sources::Sources;

pub(crate) use size::check_size;

/// What the dashboard is compiled for.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Its profile in the workspace's manifest.
const PROFILE: &str = "small";

/// Compiles the dashboard, and makes the folder anew unless it has been made of just this before.
pub(crate) fn build() -> Result<()> {
    run(
        &format!("building the dashboard for {WASM}"),
        cargo(["build", "--package", "dashboard"]).args(["--target", WASM, "--profile", PROFILE]),
    )?;
    let compiled = target().join(WASM).join(PROFILE).join("dashboard.wasm");
    let compiled =
        fs::read(&compiled).with_context(|| format!("can't read {}", compiled.display()))?;
    let sources = Sources::read()?;
    let key = Key::of(&compiled, &sources)?;
    if key.is_fresh() {
        return Ok(());
    }
    say("making the dashboard's files");
    let mut split = split::split(&compiled)?;
    let mut bound = bindgen::bind(std::mem::take(&mut split.main))?;
    let modules = split.parts.values_mut().chain([&mut bound.wasm]);
    let optimised = optimise::optimise(modules)?;
    let assets = Assets::name(bound, split, sources)?;
    folder::write(&assets)?;
    key.keep(optimised)?;
    say(&size::Size::measured()?.to_string());
    Ok(())
}
