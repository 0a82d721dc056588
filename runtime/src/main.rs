//! `vivarium`: the command.

mod cli;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs Python that language models write, in WebAssembly.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the application of a spin.toml, with the python service inside
    Serve(cli::serve::ServeArgs),
    /// Serve the python service alone, for a Spin host beside it
    Python(cli::python::PythonArgs),
    /// Speak the Model Context Protocol on standard input and output
    Mcp(cli::mcp::McpArgs),
    /// Run one program in a sandbox
    Run(cli::run::RunArgs),
    /// Build the interpreter's image, and show what is in it
    Image(cli::image::ImageArgs),
    /// Make the python service a Spin component, with the interpreter in it
    Component(cli::component::ComponentArgs),
}

fn main() -> ExitCode {
    let command = Cli::parse().command;
    match command {
        Command::Python(_) => cli::log::start_lines(),
        _ => cli::log::start(),
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return cli::fail(&error.into()),
    };
    let result = runtime.block_on(async {
        match command {
            Command::Serve(args) => cli::serve::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Python(args) => cli::python::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Mcp(args) => cli::mcp::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Run(args) => cli::run::run(args).await,
            Command::Image(args) => cli::image::run(args).await.map(|()| ExitCode::SUCCESS),
            Command::Component(args) => cli::component::run(args).await.map(|()| ExitCode::SUCCESS),
        }
    });
    runtime::python::trace::stop();
    // What still runs in a sandbox has been told to stop; it is not waited for.
    runtime.shutdown_background();
    result.unwrap_or_else(|error| cli::fail(&error))
}
