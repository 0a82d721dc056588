//! `vivarium python`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use runtime::python::service::{Options, Service};
use runtime::python::trace;

use super::listen::{AnonymousArgs, listen};

/// How long a shutdown waits for programs that run.
const GRACE: Duration = Duration::from_secs(10);

/// Options of `vivarium python`.
#[derive(clap::Args)]
pub(crate) struct PythonArgs {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:3001", value_name = "ADDR")]
    listen: SocketAddr,
    /// Where workspaces are kept
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    anonymous: AnonymousArgs,
    #[command(flatten)]
    queue: QueueArgs,
}

/// How many programs run at once.
#[derive(clap::Args)]
pub(crate) struct QueueArgs {
    /// Programs that run at once [default: the number of cores]
    #[arg(long, value_name = "N")]
    max_concurrent: Option<std::num::NonZeroUsize>,
    /// Programs that may wait for their turn; more are answered 429
    #[arg(long, default_value_t = 64, value_name = "N")]
    max_queued: usize,
}

/// Starts the python service, for `python` and `serve` alike.
pub(crate) async fn service(data: &Path, queue: &QueueArgs) -> anyhow::Result<Service> {
    trace::start().context("can't send traces to `OTEL_EXPORTER_OTLP_ENDPOINT`")?;
    let cores = std::thread::available_parallelism().map_or(1, Into::into);
    let max_concurrent = queue.max_concurrent.map_or(cores, Into::into);
    let (sandbox, image) = super::sandbox(max_concurrent).await?;
    let sandbox = tokio::task::spawn_blocking(move || sandbox.stock().map(|()| sandbox))
        .await?
        .context("can't make the first instances")?;
    let options = Options {
        data: data.to_owned(),
        max_concurrent,
        max_queued: queue.max_queued,
    };
    Service::new(sandbox, image, &options)
        .with_context(|| format!("can't use the data folder `{}`", data.display()))
}

/// Serves until asked to stop; then what runs may end, within bounds.
pub(crate) async fn run(args: PythonArgs) -> anyhow::Result<()> {
    // It knows no tokens, and to it all sessions are one caller's.
    if args.anonymous.need_token(args.listen) {
        anyhow::bail!(AnonymousArgs::refusal(
            args.listen,
            "let it listen on 127.0.0.1"
        ));
    }
    let listener = listen(args.listen).await?;
    let service = service(&args.data, &args.queue).await?;
    println!(
        "vivarium: python service listening on http://{}",
        listener.local_addr()?
    );
    let stopping = service.clone();
    // Events are small, and each must leave at once.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "can't set TCP_NODELAY");
        }
    });
    let serving = axum::serve(listener, service.router()).with_graceful_shutdown(async move {
        super::asked_to_stop().await;
        tokio::spawn(async move {
            tokio::time::sleep(GRACE).await;
            stopping.cancel_all();
        });
    });
    serving.await.context("the python service stopped")
}
