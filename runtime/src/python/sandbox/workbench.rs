//! The world of an interpreter that runs only our own code: the same as a run's, empty and without limits.

use std::sync::Arc;

use api::python::{RunEvent, RunRequest};
use futures::FutureExt as _;
use service::quota::Usage;
use wasmtime_wasi::FsPerms;

use super::descriptors::Descriptors;
use super::door::Door;
use super::memory::MemoryLimit;
use super::output::{Outbox, Pipe, Stream};
use super::quota::Quota;
use super::{Guest, wasi};
use crate::python::wheel::Artifacts;

/// Empty folders for an interpreter, and what it prints.
pub(in crate::python) struct Workbench {
    folders: tempfile::TempDir,
    stdout: Arc<Outbox>,
    stderr: Arc<Outbox>,
}

impl Workbench {
    pub(in crate::python) fn new() -> std::io::Result<Self> {
        let folders = tempfile::tempdir()?;
        for folder in ["workspace", "tmp"] {
            std::fs::create_dir(folders.path().join(folder))?;
        }
        Ok(Self {
            folders,
            stdout: Arc::default(),
            stderr: Arc::default(),
        })
    }

    /// A program, without limits.
    pub(super) fn request(&self, code: &str) -> RunRequest {
        RunRequest {
            code: code.to_owned(),
            script_name: "script_0123456789abcdef.py".to_owned(),
            stdin: String::new(),
            timeout_ms: u64::MAX,
            memory_bytes: u64::MAX,
            max_output_bytes: u64::MAX,
            workspace_max_bytes: u64::MAX,
            workspace_max_files: u64::MAX,
            scratch: false,
            read_only: false,
        }
    }

    /// What the interpreter is instantiated with.
    pub(in crate::python) fn guest(&self, artifacts: &Artifacts) -> std::io::Result<Guest> {
        let (workspace, tmp) = (
            self.folders.path().join("workspace"),
            self.folders.path().join("tmp"),
        );
        let request = self.request("");
        let stdout = Pipe::new(Stream::Stdout, &request, &self.stdout);
        let stderr = Pipe::new(Stream::Stderr, &request, &self.stderr);
        Ok(Guest {
            wasi: wasi(
                artifacts,
                (&workspace, FsPerms::ReadWrite),
                &tmp,
                "",
                &stdout,
                &stderr,
            )?,
            memory: MemoryLimit::new(u64::MAX),
            quota: Quota::new(&request, &workspace, &tmp, Usage::default()),
            descriptors: Descriptors::default(),
            door: Door::of_the_image(),
        })
    }

    /// Drops what was printed.
    pub(super) fn clear(&self) {
        self.stdout();
        self.stderr();
    }

    pub(in crate::python) fn stdout(&self) -> String {
        text(&self.stdout)
    }

    pub(in crate::python) fn stderr(&self) -> String {
        text(&self.stderr)
    }
}

fn text(outbox: &Outbox) -> String {
    let events = outbox.take().now_or_never().unwrap_or_default();
    events
        .into_iter()
        .filter_map(|event| match event {
            RunEvent::Stdout { text } | RunEvent::Stderr { text } => Some(text),
            _ => None,
        })
        .collect()
}
