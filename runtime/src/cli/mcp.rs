//! `vivarium mcp`: the Model Context Protocol on standard input and output, for programs that start their servers.

mod bridge;
mod endpoint;
mod headers;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use http::Uri;

use super::python::QueueArgs;
use super::serve::{Application, PythonMode, variable};
use bridge::Bridge;
use endpoint::Endpoint;

/// Options of `vivarium mcp`.
#[derive(clap::Args)]
pub(crate) struct McpArgs {
    /// A server that runs already, such as http://127.0.0.1:3000; without it, this process is one
    #[arg(long, value_name = "URL")]
    url: Option<Uri>,
    /// The server's `api_token` [default: `VIVARIUM_TOKEN` of the environment, which other users can't see]
    #[arg(long, requires = "url")]
    token: Option<String>,
    /// The application [default: spin.toml here, or else in a folder that this program lies in]
    #[arg(long, value_name = "FILE", conflicts_with = "url")]
    from: Option<PathBuf>,
    /// Where workspaces and the history are kept; without it, in a folder that is gone afterwards
    #[arg(long, value_name = "DIR", conflicts_with = "url")]
    data: Option<PathBuf>,
    /// Set a variable that the application declares; goes before `SPIN_VARIABLE_<NAME>`
    #[arg(long = "variable", value_name = "NAME=VALUE", value_parser = variable, conflicts_with = "url")]
    variables: Vec<(String, String)>,
    #[command(flatten)]
    python: PythonMode,
    #[command(flatten)]
    queue: QueueArgs,
}

/// Passes messages on until standard input ends, or until asked to stop. Nothing else goes to standard output.
pub(crate) async fn run(args: McpArgs) -> anyhow::Result<()> {
    if let Some(url) = args.url {
        let token = args.token.or_else(|| std::env::var("VIVARIUM_TOKEN").ok());
        let endpoint = Endpoint::there(&url, token)?;
        return Bridge::new(endpoint).run().await;
    }
    let folder = tempfile::tempdir().context("can't make a folder for the data")?;
    let data = args.data.unwrap_or_else(|| folder.path().to_owned());
    let from = args.from.unwrap_or_else(application);
    // Whoever holds both ends of a pipe needs no token.
    let no_tokens = ["api_token", "api_tokens"].map(|name| (name.to_owned(), String::new()));
    let variables = args.variables.into_iter().chain(no_tokens).collect();
    let application = Application::start(from, &data, variables, &args.python, &args.queue).await?;
    let ended = Bridge::new(Endpoint::Here(application.host.clone()))
        .run()
        .await;
    application.cancel_runs();
    ended
}

/// A program that is started by another is seldom in the folder where its spin.toml is.
fn application() -> PathBuf {
    let name = Path::new("spin.toml");
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().map(|folder| folder.join(name));
    let mut places = [name.to_owned()].into_iter().chain(beside);
    places
        .find(|place| place.is_file())
        .unwrap_or_else(|| name.to_owned())
}
