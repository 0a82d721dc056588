//! `vivarium serve`: the application of a spin.toml, with the python service inside.
//!
//! That service is either native, in this process, or a component of the application.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use api::config::Health;
use axum::body::{Body, to_bytes};
use runtime::host::Host;
use runtime::python::service::Service;

use super::listen::{AnonymousArgs, listen};
use super::python::{QueueArgs, service};
use super::{asked_to_stop, log};

/// The component that can be the python service.
const COMPONENT: &str = "python";
/// What makes it, where it is missing.
const BUILD_COMPONENT: &str = "build it with `cargo xtask spin`";
/// The authority under which components find the python service.
const PYTHON: &str = "python.spin.internal";
/// What the function says of itself is a few lines.
const MAX_HEALTH_BYTES: usize = 1 << 20;
/// How long programs may go on after the server was told to stop. The host allows its requests 10 s:
/// the rest is for the function to write down what became of them.
const LAST_RUNS: Duration = Duration::from_secs(8);

/// Options of `vivarium serve`.
#[derive(clap::Args)]
pub(crate) struct ServeArgs {
    /// The application
    #[arg(long, default_value = "spin.toml", value_name = "FILE")]
    from: PathBuf,
    /// Where to listen; port 0 takes any that is free
    #[arg(long, default_value = "127.0.0.1:3000", value_name = "ADDR")]
    listen: SocketAddr,
    /// Where workspaces, databases and logs are kept
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Set a variable that the application declares; goes before `SPIN_VARIABLE_<NAME>`
    #[arg(long = "variable", value_name = "NAME=VALUE", value_parser = variable)]
    variables: Vec<(String, String)>,
    #[command(flatten)]
    anonymous: AnonymousArgs,
    #[command(flatten)]
    python: PythonMode,
    #[command(flatten)]
    queue: QueueArgs,
}

/// Who the python service is.
#[derive(clap::Args)]
pub(crate) struct PythonMode {
    /// Who runs Python: this process, or the application's component `python`, as under Spin. `--max-concurrent`
    /// and `--max-queued` are the native service's
    #[arg(long, value_enum, default_value_t, value_name = "WHO")]
    python: Python,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Python {
    #[default]
    Native,
    Component,
}

pub(crate) fn variable(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("it must be `name=value`")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// The application, ready to answer.
pub(crate) struct Application {
    pub(crate) host: Host,
    /// Where it is native.
    python: Option<Service>,
}

impl Application {
    /// Loads everything.
    pub(crate) async fn start(
        from: PathBuf,
        data: &Path,
        variables: Vec<(String, String)>,
        mode: &PythonMode,
        queue: &QueueArgs,
    ) -> anyhow::Result<Self> {
        let builder = Host::builder(from).data_dir(data).variables(variables);
        let (builder, python) = match mode.python {
            Python::Native => {
                let builder = builder.without(COMPONENT);
                builder.check()?;
                let python = service(data, queue).await?;
                (builder.internal(PYTHON, python.router()), Some(python))
            }
            Python::Component => (builder.require(COMPONENT, BUILD_COMPONENT), None),
        };
        if python.is_some() {
            log::keep(data)?;
        }
        let host = builder.build().await?;
        check(&host).await?;
        Ok(Self { host, python })
    }

    /// Breaks off what programs run.
    pub(crate) fn cancel_runs(&self) {
        match &self.python {
            Some(python) => python.cancel_all(),
            None => self.host.break_off(),
        }
    }
}

/// Serves until asked to stop; then what runs may end, within bounds.
pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    // Mistakes first: the image may take minutes to build.
    let listener = listen(args.listen).await?;
    let application = Application::start(
        args.from,
        &args.data,
        args.variables,
        &args.python,
        &args.queue,
    )
    .await?;
    let host = application.host.clone();
    let address = listener.local_addr().context("can't tell the port")?;
    if args.anonymous.need_token(address) && !refuses_strangers(&host).await? {
        bail!(AnonymousArgs::refusal(
            address,
            "set `api_token` with `SPIN_VARIABLE_API_TOKEN`"
        ));
    }
    let mut stdout = std::io::stdout();
    writeln!(stdout, "vivarium: listening on http://{address}")
        .and_then(|()| stdout.flush())
        .context("can't write to standard output")?;
    let stop = async {
        asked_to_stop().await;
        tokio::spawn(async move {
            tokio::time::sleep(LAST_RUNS).await;
            application.cancel_runs();
        });
    };
    host.serve(listener, stop)
        .await
        .context("the server stopped")
}

/// Asks the function for what it has only for those who may call, without a token.
async fn refuses_strangers(host: &Host) -> anyhow::Result<bool> {
    let request = http::Request::get("/api/config")
        .body(Body::empty())
        .context("the request is well-formed")?;
    Ok(host.handle(request).await.status() == http::StatusCode::UNAUTHORIZED)
}

/// Asks the function whether its settings work, so that an operator hears of it now and not at the
/// first call. Anything else that is amiss may mend itself while the server runs.
async fn check(host: &Host) -> anyhow::Result<()> {
    let request = http::Request::get("/api/health")
        .body(Body::empty())
        .context("the request is well-formed")?;
    let body = to_bytes(host.handle(request).await.into_body(), MAX_HEALTH_BYTES).await;
    let health = body
        .ok()
        .and_then(|body| serde_json::from_slice::<Health>(&body).ok());
    match health {
        Some(health) if health.status == "misconfigured" => {
            bail!("{}", health.problems.join("\nerror: "))
        }
        _ => Ok(()),
    }
}
