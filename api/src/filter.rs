//! Which items of a list: the query of `GET /api/sessions`, `/api/executions` and `/api/logs/prompts`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::history::Status;
use crate::tool::Mode;

/// What an item must be to be listed; nothing that is absent matters. Of a session, `mode` and `status` are
/// those of its latest execution, and the times are when that began.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filter {
    /// Text that stands, whatever its case, in the id, the code or instruction, or the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// Of this session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Run by this executor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// Standing so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Begun at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Begun before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Filter {
    /// Whether it lets everything pass.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
