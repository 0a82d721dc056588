//! What a workspace holds, and may hold.

use api::python::{Limit, LimitHit, RunRequest};

/// Bytes and files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Of regular files, by their length: a hole counts as what it stands for.
    pub bytes: u64,
    /// Files, folders and links.
    pub files: u64,
}

impl Usage {
    /// More than any limit.
    pub const FULL: Self = Self {
        bytes: u64::MAX,
        files: u64::MAX,
    };

    /// Of two folders.
    pub fn plus(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_add(other.bytes),
            files: self.files.saturating_add(other.files),
        }
    }

    /// What a run may use.
    pub fn limits(request: &RunRequest) -> Self {
        Self {
            bytes: request.workspace_max_bytes,
            files: request.workspace_max_files,
        }
    }

    /// Whether so many more bytes fit under a limit, and which was hit if not.
    pub fn admit_bytes(self, growth: u64, most: Self) -> Result<(), LimitHit> {
        if growth == 0 || self.bytes.saturating_add(growth) <= most.bytes {
            Ok(())
        } else {
            Err(LimitHit::new(Limit::WorkspaceBytes, most.bytes))
        }
    }

    /// Whether one more file, folder or link fits under a limit.
    pub fn admit_file(self, most: Self) -> Result<(), LimitHit> {
        if self.files < most.files {
            Ok(())
        } else {
            Err(LimitHit::new(Limit::WorkspaceFiles, most.files))
        }
    }
}
