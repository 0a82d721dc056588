//! What both services take, and in what words they refuse the rest.

use std::fmt::Display;

use api::error::{ErrorBody, ErrorCode};
use api::python::{LimitHit, MAX_BYTES_HEADER, MAX_FILES_HEADER, RunRequest};
use api::{SessionKey, WorkspacePath};
use http::HeaderMap;

use crate::quota::Usage;

/// A program with its limits, as JSON: a tool call's 10 MiB with every character escaped.
pub const MAX_RUN_BODY_BYTES: usize = 64 << 20;

/// What of a run's request its types don't say.
pub fn check_run(request: &RunRequest) -> Result<(), ErrorBody> {
    let script = WorkspacePath::parse(&request.script_name)?;
    match script.as_str().contains('/') {
        true => Err(bad("`script_name` must be a file name, without folders")),
        false => Ok(()),
    }
}

/// What a workspace may hold after an upload: without a header, anything.
pub fn upload_limits(headers: &HeaderMap) -> Result<Usage, ErrorBody> {
    let limit = |name: &str| {
        let Some(value) = headers.get(name) else {
            return Ok(u64::MAX);
        };
        let parsed = value.to_str().ok().and_then(|value| value.parse().ok());
        parsed.ok_or_else(|| bad(format!("the header `{name}` must be a whole number")))
    };
    Ok(Usage {
        bytes: limit(MAX_BYTES_HEADER)?,
        files: limit(MAX_FILES_HEADER)?,
    })
}

/// An upload that does not fit.
pub fn full(limit: LimitHit) -> ErrorBody {
    ErrorBody::new(ErrorCode::WorkspaceFull, limit.message)
}

/// A session that was never used, or is deleted.
pub fn no_workspace(session: &SessionKey) -> ErrorBody {
    // Its caller knows it by its id.
    let error = format!("session `{}` has no workspace", session.id());
    ErrorBody::new(ErrorCode::NotFound, error)
}

/// A file that is not there.
pub fn no_file(path: &WorkspacePath) -> ErrorBody {
    let error = format!("the workspace has no file `{path}`");
    ErrorBody::new(ErrorCode::NotFound, error)
}

/// A path that leads out of the workspace, by whatever link.
pub fn leads_out(path: &WorkspacePath) -> ErrorBody {
    let error = format!("`{path}` leads out of the workspace");
    ErrorBody::new(ErrorCode::Forbidden, error)
}

/// A path where no file can be.
pub fn no_place(path: &WorkspacePath, why: impl Display) -> ErrorBody {
    bad(format!("`{path}` can't be a file: {why}"))
}

/// A folder or a link where a file is asked for.
pub fn not_a_file(path: &WorkspacePath) -> ErrorBody {
    bad(format!("`{path}` is not a file"))
}

/// A folder that is to be deleted as a file.
pub fn is_a_folder(path: &WorkspacePath) -> ErrorBody {
    bad(format!("`{path}` is a folder"))
}

/// A folder where a file is to be written.
pub fn taken_by_a_folder(path: &WorkspacePath) -> ErrorBody {
    ErrorBody::new(ErrorCode::Conflict, format!("`{path}` is a folder"))
}

/// A request that makes no sense.
pub fn bad(error: impl Into<String>) -> ErrorBody {
    ErrorBody::new(ErrorCode::BadRequest, error)
}
