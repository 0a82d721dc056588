//! `vivarium run`.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use api::python::{Finished, RunEvent, RunRequest};
use runtime::python::sandbox::Outbox;
use runtime::python::workspace::Workspace;
use tokio_util::sync::CancellationToken;

/// Options of `vivarium run`.
#[derive(clap::Args)]
pub(crate) struct RunArgs {
    /// The program, or `-` to read it from standard input
    #[arg(value_name = "FILE|-")]
    program: PathBuf,
    /// Seconds it may take
    #[arg(long, default_value_t = 30.0, value_name = "SECONDS")]
    timeout: f64,
    /// Bytes of memory it may use
    #[arg(long, default_value_t = 1 << 30, value_name = "BYTES")]
    memory: u64,
    /// Bytes of output kept, of each stream
    #[arg(long, default_value_t = 1 << 20, value_name = "BYTES")]
    max_output: u64,
    /// Bytes its workspace may hold
    #[arg(long, default_value_t = 256 << 20, value_name = "BYTES")]
    workspace_max_bytes: u64,
    /// Files its workspace may hold
    #[arg(long, default_value_t = 10_000, value_name = "FILES")]
    workspace_max_files: u64,
    /// The folder it works in, kept afterwards; without it, one that is gone afterwards
    #[arg(long, value_name = "DIR")]
    workspace: Option<PathBuf>,
}

/// Runs the program; its output is this process's output, and its exit status this process's.
pub(crate) async fn run(args: RunArgs) -> anyhow::Result<ExitCode> {
    let from_stdin = args.program == Path::new("-");
    let code = read(&args.program)?;
    anyhow::ensure!(
        args.timeout.is_finite() && args.timeout > 0.0,
        "`--timeout` must be a number of seconds above 0, not `{}`",
        args.timeout
    );
    let folders = tempfile::tempdir()?;
    let workspace = match &args.workspace {
        Some(folder) => {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("can't make `{}`", folder.display()))?;
            folder.clone()
        }
        None => folders.path().join("workspace"),
    };
    let tmp = folders.path().join("tmp");
    std::fs::create_dir_all(&workspace)?;
    std::fs::create_dir(&tmp)?;
    let request = RunRequest {
        script_name: script_name(&args.program),
        stdin: if from_stdin || std::io::IsTerminal::is_terminal(&std::io::stdin()) {
            String::new()
        } else {
            read(Path::new("-"))?
        },
        code,
        timeout_ms: (args.timeout * 1000.0) as u64,
        memory_bytes: args.memory,
        max_output_bytes: args.max_output,
        workspace_max_bytes: args.workspace_max_bytes,
        workspace_max_files: args.workspace_max_files,
        scratch: false,
        read_only: false,
    };
    let (sandbox, _) = super::sandbox(1).await?;
    let workspace = Workspace::at(workspace)?;

    let outbox = Arc::new(Outbox::default());
    let cancel = CancellationToken::new();
    let mut running = tokio::task::spawn_blocking({
        let (outbox, cancel) = (outbox.clone(), cancel.clone());
        move || sandbox.run(&request, &workspace, &tmp, &outbox, &cancel)
    });
    let finished = loop {
        tokio::select! {
            biased;
            events = outbox.take() => print(events)?,
            ended = &mut running => break ended??.0,
            () = super::asked_to_stop(), if !cancel.is_cancelled() => cancel.cancel(),
        }
    };
    if let Some(error) = &finished.error {
        std::io::stderr().write_all(error.traceback.as_bytes())?;
    }
    explain(&finished);
    Ok(ExitCode::from((finished.returncode & 0xFF) as u8))
}

fn print(events: impl IntoIterator<Item = RunEvent>) -> std::io::Result<()> {
    let (mut stdout, mut stderr) = (std::io::stdout(), std::io::stderr());
    for event in events {
        match event {
            RunEvent::Stdout { text } => stdout
                .write_all(text.as_bytes())
                .and_then(|()| stdout.flush())?,
            RunEvent::Stderr { text } => stderr.write_all(text.as_bytes())?,
            RunEvent::Started | RunEvent::Result(_) | RunEvent::Finished(_) => {}
        }
    }
    Ok(())
}

/// Says on standard error what Python itself did not say.
fn explain(finished: &Finished) {
    use api::python::{Limit, Outcome};
    let dropped = finished.truncated;
    for (stream, bytes) in [
        ("standard output", dropped.stdout_bytes),
        ("standard error", dropped.stderr_bytes),
    ] {
        if bytes > 0 {
            eprintln!(
                "vivarium: {bytes} bytes of {stream} were dropped\nhint: `--max-output` raises the limit"
            );
        }
    }
    let flag = |limit| match limit {
        Limit::Timeout => "--timeout",
        Limit::Memory => "--memory",
        Limit::WorkspaceBytes => "--workspace-max-bytes",
        Limit::WorkspaceFiles => "--workspace-max-files",
    };
    match (&finished.limit, &finished.error) {
        (Some(limit), _) => eprintln!(
            "vivarium: {}\nhint: here, `{}` raises it",
            limit.message,
            flag(limit.name)
        ),
        (None, Some(error))
            if matches!(finished.outcome, Outcome::Crashed | Outcome::Cancelled) =>
        {
            eprintln!("vivarium: {}", error.value);
        }
        _ => {}
    }
}

fn read(program: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if program == Path::new("-") {
        std::io::stdin()
            .read_to_end(&mut bytes)
            .context("can't read standard input")?;
    } else {
        bytes = std::fs::read(program)
            .with_context(|| format!("can't read `{}`", program.display()))?;
    }
    String::from_utf8(bytes).with_context(|| format!("`{}` is not UTF-8", program.display()))
}

fn script_name(program: &Path) -> String {
    let name = program.file_name().and_then(|name| name.to_str());
    name.filter(|name| name.ends_with(".py"))
        .unwrap_or("script.py")
        .to_owned()
}
