//! How much a session may keep: bytes and files of its workspace and of the run's `/tmp` together.

use std::path::{Path, PathBuf};

use api::python::{LimitHit, RunRequest};
use service::quota::Usage;

use crate::python::workspace::usage;

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
            most: Usage::limits(request),
            used,
            refused: None,
        }
    }

    /// Whether files may grow by this much.
    pub(super) fn admit_bytes(&mut self, growth: u64) -> bool {
        if self.used.admit_bytes(growth, self.most).is_err() {
            self.measure();
        }
        let admitted = self.used.admit_bytes(growth, self.most);
        if admitted.is_ok() {
            self.used.bytes += growth;
        }
        self.note(admitted)
    }

    /// Whether one more file, folder or link may be made.
    pub(super) fn admit_file(&mut self) -> bool {
        if self.used.admit_file(self.most).is_err() {
            self.measure();
        }
        let admitted = self.used.admit_file(self.most);
        if admitted.is_ok() {
            self.used.files += 1;
        }
        self.note(admitted)
    }

    fn note(&mut self, admitted: Result<(), LimitHit>) -> bool {
        match admitted {
            Ok(()) => true,
            Err(limit) => {
                self.refused = Some(limit);
                false
            }
        }
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
