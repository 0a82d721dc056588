//! The subcommands, one file each, and what they share.

pub(crate) mod component;
pub(crate) mod image;
pub(crate) mod listen;
pub(crate) mod log;
pub(crate) mod mcp;
pub(crate) mod python;
pub(crate) mod run;
pub(crate) mod serve;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::Context as _;
use runtime::python::engine::TickingEngine;
use runtime::python::image::{Image, ImageInfo, Step, load_or_build};
use runtime::python::sandbox::Sandbox;

/// Says what went wrong, in one go, and how the process ends.
pub(crate) fn fail(error: &anyhow::Error) -> ExitCode {
    // A hint belongs at the end, after the causes.
    let text = format!("{error:#}");
    let (hints, problem): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| line.starts_with("hint: "));
    eprintln!("error: {}", problem.join("\n"));
    for hint in hints {
        eprintln!("{hint}");
    }
    ExitCode::FAILURE
}

/// The image, linked and ready to run as many programs at once. It is built if it is missing, with a progress bar.
pub(crate) async fn sandbox(places: usize) -> anyhow::Result<(Sandbox, ImageInfo)> {
    let engine = TickingEngine::new(places)
        .map_err(anyhow::Error::from)
        .context("can't start wasmtime")?;
    let image = image_with_progress(&engine, None).await?;
    let sandbox = Sandbox::new(engine, &image.module, image.artifacts)
        .map_err(anyhow::Error::from)
        .context("can't link the image")?;
    Ok((sandbox, image.info))
}

/// Loads or builds the image, and says how far it is.
pub(crate) async fn image_with_progress(
    engine: &TickingEngine,
    wheel: Option<&std::path::Path>,
) -> anyhow::Result<Image> {
    let progress = ImageProgress::default();
    let step = |step| progress.step(step);
    let image = load_or_build(engine.engine(), wheel, &step).await?;
    progress.finish();
    Ok(image)
}

/// How far the building of an image is: on a terminal a bar, otherwise a line a step.
#[derive(Default)]
pub(crate) struct ImageProgress {
    bar: std::cell::OnceCell<indicatif::ProgressBar>,
}

impl ImageProgress {
    /// A step begins.
    pub(crate) fn step(&self, step: Step) {
        let position = Step::ALL.iter().position(|s| *s == step).unwrap_or(0);
        if std::io::stderr().is_terminal() {
            let bar = self.bar.get_or_init(new_bar);
            bar.set_position(position as u64);
            bar.set_message(step.title());
        } else {
            eprintln!(
                "vivarium: {} ({}/{})",
                step.title(),
                position + 1,
                Step::ALL.len()
            );
        }
    }

    /// All is done.
    pub(crate) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn new_bar() -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{spinner} {bar:24} {msg} {elapsed}")
        .expect("the template is valid");
    let bar = indicatif::ProgressBar::new(Step::ALL.len() as u64).with_style(style);
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    bar
}

/// Resolves when the process is asked to end: Ctrl-C or SIGTERM.
pub(crate) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::error!(%error, "can't listen for SIGTERM");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
