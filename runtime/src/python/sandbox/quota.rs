//! How much a session may keep: bytes and files of its workspace and of the run's `/tmp` together.

use std::path::{Path, PathBuf};

use api::python::{Limit, LimitHit, RunRequest};

use crate::python::workspace::{Usage, usage};

/// Counts what a run adds. The count is an upper bound: overwriting and deleting are not followed. When
/// it says "full", the folders are measured, so that nothing is refused that fits.
pub(super) struct Quota {
    folders: [PathBuf; 2],
    most: Usage,
    used: Usage,
    refused: Option<LimitHit>,
}

impl Quota {
    /// Begins with what is there.
    pub(super) fn new(request: &RunRequest, workspace: &Path, tmp: &Path, used: Usage) -> Self {
        Self {
            folders: [workspace.to_owned(), tmp.to_owned()],
            most: Usage {
                bytes: request.workspace_max_bytes,
                files: request.workspace_max_files,
            },
            used,
            refused: None,
        }
    }

    /// Whether files may grow by this much.
    pub(super) fn admit_bytes(&mut self, growth: u64) -> bool {
        if growth == 0 {
            return true;
        }
        if self.used.bytes.saturating_add(growth) > self.most.bytes {
            self.measure();
        }
        let admitted = self.used.bytes.saturating_add(growth) <= self.most.bytes;
        if admitted {
            self.used.bytes += growth;
        } else {
            self.refused = Some(LimitHit::new(Limit::WorkspaceBytes, self.most.bytes));
        }
        admitted
    }

    /// Whether one more file, folder or link may be made.
    pub(super) fn admit_file(&mut self) -> bool {
        if self.used.files >= self.most.files {
            self.measure();
        }
        let admitted = self.used.files < self.most.files;
        if admitted {
            self.used.files += 1;
        } else {
            self.refused = Some(LimitHit::new(Limit::WorkspaceFiles, self.most.files));
        }
        admitted
    }

    /// The latest refusal, if there was one.
    pub(super) fn refused(&self) -> Option<&LimitHit> {
        self.refused.as_ref()
    }

    fn measure(&mut self) {
        // A folder that can't be read is one that nothing more should go into.
        let [workspace, tmp] = self
            .folders
            .each_ref()
            .map(|folder| usage(folder).unwrap_or(Usage::FULL));
        self.used = workspace.plus(tmp);
    }
}
