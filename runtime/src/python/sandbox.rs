//! One run of one program: a fresh instance of the image, its limits, and how it ended.

mod descriptors;
mod door;
mod ending;
mod hot_pages;
mod immortals;
mod linker;
mod memory;
mod output;
mod quota;
mod ready;
mod workbench;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::python::{Finished, RunRequest};
use service::{ending as endings, program};
use tokio_util::sync::CancellationToken;
use wasmtime::{InstancePre, Module, Store, UpdateDeadline};
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p2::pipe::MemoryInputPipe;
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};

pub(super) use linker::linker;
pub use output::{Outbox, Stream};
pub(super) use workbench::Workbench;

use super::engine::TickingEngine;
use super::wheel::Artifacts;
use super::workspace::Workspace;
use descriptors::Descriptors;
use door::Door;
use ending::Stop;
use memory::MemoryLimit;
use output::Pipe;
use quota::Quota;
use ready::{Ready, Shelf};

/// What belongs to one instance.
pub(super) struct Guest {
    wasi: WasiP1Ctx,
    memory: MemoryLimit,
    quota: Quota,
    descriptors: Descriptors,
    door: Door,
}

/// What is left of a run that has ended. Dropping it takes the instance apart, which can wait until the
/// caller has heard.
pub struct Remains {
    _instance: Store<Guest>,
}

/// Runs programs, each in an instance of its own.
#[derive(Clone)]
pub struct Sandbox {
    ticking: TickingEngine,
    image: InstancePre<Guest>,
    artifacts: Artifacts,
    shelf: Arc<Shelf>,
}

/// What may go wrong before a program starts. None of it is the program's fault.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The workspace or the run's own `/tmp` could not be used.
    #[error("can't prepare the run's folders")]
    Folders(#[from] std::io::Error),
    /// The image could not be instantiated.
    #[error("can't instantiate the image")]
    Instantiate(#[from] wasmtime::Error),
}

impl Sandbox {
    /// Links a compiled image.
    pub fn new(
        ticking: TickingEngine,
        image: &Module,
        artifacts: Artifacts,
    ) -> wasmtime::Result<Self> {
        let image = linker(ticking.engine())?.instantiate_pre(image)?;
        let shelf = Arc::new(Shelf::new(ticking.places())?);
        Ok(Self {
            ticking,
            image,
            artifacts,
            shelf,
        })
    }

    /// Runs a program to its end, and blocks this thread meanwhile. What it writes goes to `outbox`.
    ///
    /// Must be called within a tokio runtime, on a thread that may block.
    pub fn run(
        &self,
        request: &RunRequest,
        workspace: &Workspace,
        tmp: &Path,
        outbox: &Arc<Outbox>,
        cancel: &CancellationToken,
    ) -> Result<(Finished, Remains), SandboxError> {
        let before = workspace.scan()?;
        let (permissions, used) = if request.read_only {
            (FsPerms::ReadOnly, before.usage())
        } else {
            // The script is written whatever the quota says: tracebacks need it. It counts all the same.
            workspace.write(&request.script_name, request.code.as_bytes())?;
            let used = before.usage_with(&request.script_name, request.code.len() as u64);
            (FsPerms::ReadWrite, used)
        };
        let quota = Quota::new(request, workspace.path(), tmp, used);

        let (stdout, stderr) = (
            Pipe::new(Stream::Stdout, request, outbox),
            Pipe::new(Stream::Stderr, request, outbox),
        );
        let guest = Guest {
            wasi: wasi(
                &self.artifacts,
                (workspace.path(), permissions),
                tmp,
                &request.stdin,
                &stdout,
                &stderr,
            )?,
            memory: MemoryLimit::new(request.memory_bytes),
            quota,
            descriptors: Descriptors::default(),
            door: Door::new(outbox.clone()),
        };
        let Ready {
            mut store,
            instance,
        } = self.take_ready()?;
        *store.data_mut() = guest;
        let memory = super::guest::memory(&mut store, &instance)?;
        // The interpreter alone is larger than the limit.
        if memory.data_size(&store) as u64 > request.memory_bytes {
            let mut finished = endings::out_of_memory(request);
            finished.files = workspace.list_since(&before)?;
            return Ok((finished, Remains { _instance: store }));
        }

        let started = Instant::now();
        let deadline = started + Duration::from_millis(request.timeout_ms);
        let stop = Stop::default();
        let _ticking = self.ticking.tick();
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback({
            let (stop, cancel) = (stop.clone(), cancel.clone());
            move |_| match stop.check(deadline, &cancel) {
                true => Err(wasmtime::Error::msg("stopped")),
                false => Ok(UpdateDeadline::Continue(1)),
            }
        });

        let turn = program::turn(request);
        let result = tokio::runtime::Handle::current().block_on(async {
            let run = super::guest::call_turn(&mut store, &instance, &turn);
            // A program that waits (`time.sleep`, a poll) passes no epoch check; it is dropped where it waits.
            let result = tokio::select! {
                result = run => Some(result),
                () = tokio::time::sleep_until(deadline.into()) => None,
                () = cancel.cancelled() => None,
            };
            stop.check(deadline, cancel);
            result
        });
        let code_time = started.elapsed();

        stdout.finish();
        stderr.finish();
        let peak_memory_bytes = memory.data_size(&store) as u64;
        let guest = store.data_mut();
        let mut finished = ending::classify(request, guest, result, &stop);
        finished.code_ms = code_time.as_secs_f64() * 1000.0;
        finished.peak_memory_bytes = peak_memory_bytes;
        finished.truncated.stdout_bytes = stdout.dropped();
        finished.truncated.stderr_bytes = stderr.dropped();
        finished.truncated.results = guest.door.dropped();
        finished.files = workspace.list_since(&before)?;
        Ok((finished, Remains { _instance: store }))
    }
}

/// The guest's world.
fn wasi(
    artifacts: &Artifacts,
    (workspace, permissions): (&Path, FsPerms),
    tmp: &Path,
    stdin: &str,
    stdout: &Pipe,
    stderr: &Pipe,
) -> std::io::Result<WasiP1Ctx> {
    let mut builder = WasiCtxBuilder::new();
    let [lib, mpl_data, workspace_at, tmp_at] = program::FOLDERS;
    for (host, guest, permissions) in [
        (&*artifacts.lib(), lib, FsPerms::ReadOnly),
        (&*artifacts.mpl_data(), mpl_data, FsPerms::ReadOnly),
        (workspace, workspace_at, permissions),
        (tmp, tmp_at, FsPerms::ReadWrite),
    ] {
        builder
            .preopened_dir(host, guest, permissions)
            .map_err(std::io::Error::other)?;
    }
    builder
        .args(program::ARGUMENTS)
        .stdin(MemoryInputPipe::new(stdin.to_owned()))
        .stdout(stdout.clone())
        .stderr(stderr.clone())
        // Each run has a thread of its own, which may wait for the disk.
        .allow_blocking_current_thread(true);
    builder.envs(program::ENVIRONMENT);
    Ok(builder.build_p1())
}
