//! `vivarium serve`: the application of a spin.toml, with the python service inside.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use api::config::Health;
use axum::body::{Body, to_bytes};
use runtime::host::Host;
use tokio::net::TcpListener;

/// The authority under which components find the python service.
const PYTHON: &str = "python.spin.internal";
/// The function's answer about itself: a few lines.
const MAX_HEALTH_BYTES: usize = 1 << 20;

#[derive(clap::Args)]
pub(crate) struct ServeArgs {
    /// The application
    #[arg(long, value_name = "FILE", default_value = "spin.toml")]
    pub(crate) from: PathBuf,
    /// The address to listen on; port 0 takes any free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,
    /// The folder of workspaces, databases and logs
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Set a variable that spin.toml declares, before `SPIN_VARIABLE_<NAME>`; may be given more than once
    #[arg(long = "variable", value_name = "NAME=VALUE", value_parser = variable)]
    pub(crate) variables: Vec<(String, String)>,
    /// Programs that run at once; the others wait [default: the number of cores]
    #[arg(long, value_name = "N")]
    pub(crate) max_concurrent: Option<std::num::NonZeroUsize>,
}

fn variable(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("it must be `name=value`")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// Serves until the process is asked to stop, then lets what runs end.
pub(crate) async fn run(args: ServeArgs, python: axum::Router) -> anyhow::Result<()> {
    let ServeArgs { from, listen, data, variables, .. } = args;
    let stop = super::asked_to_stop();
    // Taken before anything is loaded: a port in use is known at once.
    let listener = TcpListener::bind(listen).await.map_err(|error| explain_bind(listen, error))?;
    let host = Host::builder(from).data_dir(data).variables(variables).internal(PYTHON, python).build().await?;
    check(&host).await?;
    let address = listener.local_addr().context("can't tell the port")?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "vivarium: listening on http://{address}").and_then(|()| stdout.flush()).context("can't write to stdout")?;
    host.serve(listener, stop).await?;
    Ok(())
}

fn explain_bind(address: SocketAddr, error: std::io::Error) -> anyhow::Error {
    let (ip, port) = (address.ip(), address.port());
    match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("port {port} on {ip} is in use\nhint: stop what listens there, or choose another with `--listen {ip}:PORT`")
        }
        std::io::ErrorKind::PermissionDenied => {
            anyhow::anyhow!("this user may not listen on port {port} of {ip}\nhint: choose a port above 1023 with `--listen {ip}:PORT`")
        }
        _ => anyhow::Error::new(error).context(format!("can't listen on {address}")),
    }
}

/// Asks the function whether its settings work, so that an operator hears of it now and not at the
/// first call. Anything else that is amiss may mend itself while it runs.
async fn check(host: &Host) -> anyhow::Result<()> {
    let request = http::Request::get("/api/health").body(Body::empty()).context("the request is well-formed")?;
    let body = to_bytes(host.handle(request).await.into_body(), MAX_HEALTH_BYTES).await;
    let health = body.ok().and_then(|body| serde_json::from_slice::<Health>(&body).ok());
    match health {
        Some(health) if health.status == "misconfigured" => bail!("{}", health.problems.join("\nerror: ")),
        _ => Ok(()),
    }
}
