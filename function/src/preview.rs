//! The beginning of a table as text. The file is a stranger's and may be made to harm its reader: so a program of ours
//! reads it in a sandbox, in which it can change none of the session's files.

use api::WorkspacePath;
use api::error::ErrorCode;
use api::files::Table;
use api::python::{Finished, Outcome, RunRequest};
use serde::{Deserialize, Serialize};

use crate::error::Refusal;
use crate::settings::Settings;

/// Reads a table; what it takes and gives is said in it.
const READER: &str = include_str!("preview/table.py");
/// Most tables are read in a few milliseconds, and somebody waits for this one.
const TIMEOUT_MS: u64 = 5_000;
/// The reader gives a million characters at most.
const MAX_OUTPUT_BYTES: u64 = 16 << 20;

/// Which part of which file is asked for.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Asked<'a> {
    /// The file.
    pub path: &'a WorkspacePath,
    /// Its first sheet, if none is named.
    pub sheet: Option<&'a str>,
    /// Rows after the first, which names the columns.
    pub rows: u32,
}

/// What the reader says.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Table(Table),
    Refused { error: String, missing: bool },
}

/// The run that reads it.
pub fn request(settings: &Settings, asked: &Asked<'_>) -> RunRequest {
    RunRequest {
        code: READER.to_owned(),
        script_name: "table.py".to_owned(),
        stdin: serde_json::to_string(asked).expect("plain data serialises"),
        timeout_ms: TIMEOUT_MS,
        memory_bytes: settings.memory_bytes,
        max_output_bytes: MAX_OUTPUT_BYTES,
        workspace_max_bytes: settings.workspace_max_bytes,
        workspace_max_files: settings.workspace_max_files,
        scratch: false,
        read_only: true,
    }
}

/// What came of that run.
pub fn table(
    asked: &Asked<'_>,
    request: &RunRequest,
    output: &str,
    finished: &Finished,
) -> Result<Table, Refusal> {
    let path = asked.path;
    let why = match finished.outcome {
        Outcome::Ok => match serde_json::from_str(output) {
            Ok(Answer::Table(table)) => return Ok(table),
            Ok(Answer::Refused { error, missing }) => {
                let code = if missing {
                    ErrorCode::NotFound
                } else {
                    ErrorCode::BadRequest
                };
                return Err(Refusal::new(code, error));
            }
            Err(error) => format!("`{path}` can't be read as a table: {error}"),
        },
        Outcome::Timeout => format!(
            "`{path}` takes longer to read than {} s",
            request.timeout_ms / 1000
        ),
        Outcome::Memory => format!(
            "`{path}` takes more memory to read than {} bytes, which `python_executor_memory` allows",
            request.memory_bytes
        ),
        _ => {
            let error = finished.error.as_ref();
            let what = error.map_or("it ended", |error| error.value.as_str());
            format!("`{path}` can't be read as a table: {what}")
        }
    };
    Err(Refusal::new(ErrorCode::BadRequest, why)
        .hint("download the file, or look at it with a program"))
}
