//! Files of a session's workspace.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is known of a file without reading it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileInfo {
    /// Bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: Timestamp,
    /// The media type, judged by the name's extension.
    pub content_type: String,
    /// Whether the run that this listing came with made or changed it. Always false in a plain listing.
    #[serde(default)]
    pub changed: bool,
}

/// A file with its path, relative to the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileEntry {
    /// Relative to the workspace, `/`-separated.
    pub path: String,
    /// The rest.
    #[serde(flatten)]
    pub info: FileInfo,
}

/// `GET /v1/sessions/{id}/files` of the python service: all files, ordered by path.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileList {
    /// Every regular file; links are not followed and not listed.
    pub files: Vec<FileEntry>,
    /// Bytes in all.
    pub total_bytes: u64,
}

/// `GET /api/sessions/{id}/files`: one page of the files, ordered by path. It reads as a
/// [`FileList`] too, of this page's files.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FilePage {
    /// At most `limit` of them.
    pub files: Vec<FileEntry>,
    /// Where the next page begins; absent on the last.
    pub next_cursor: Option<String>,
    /// Files in all.
    pub total_files: u64,
    /// Bytes in all.
    pub total_bytes: u64,
}

/// `GET /api/sessions/{id}/tables/{path}?sheet=&rows=`: the beginning of a CSV, TSV or Excel file, as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Table {
    /// The first row.
    pub columns: Vec<String>,
    /// The rows after it, at most as many as were asked for; each has as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Whether there are more rows.
    pub more_rows: bool,
    /// Whether there are more columns than are shown.
    pub more_columns: bool,
    /// Names of the sheets; empty where the file has none.
    pub sheets: Vec<String>,
    /// The sheet that this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}
