//! Why an application can't be run, in words for the one who starts it.

use std::collections::HashSet;
use std::path::PathBuf;

/// One thing that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Lower case, names in backticks, no full stop.
    pub message: String,
    /// What to do, where there is something to do.
    pub hint: Option<String>,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Why [`HostBuilder::build`](super::HostBuilder::build) failed.
///
/// Several problems are shown as an `error:` line each, but for the first, whose `error:` is left
/// to the one who shows it; their hints come last, each once.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The manifest, or what is to be set in it, is wrong in these ways.
    #[error("{}", lines(.0))]
    Application(Vec<Problem>),
    /// A file or folder the application needs can't be used.
    #[error("can't {action} `{}`", path.display())]
    File {
        /// What was to be done with it: `read`, `make`, `open`.
        action: &'static str,
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A component doesn't compile or link.
    #[error("component `{component}` can't be loaded")]
    Component {
        /// Its name in the manifest.
        component: String,
        /// What wasmtime says.
        source: wasmtime::Error,
    },
    /// wasmtime can't be set up on this machine.
    #[error("can't set up wasmtime for components")]
    Engine(#[source] wasmtime::Error),
    /// The threads for components can't be started.
    #[error("can't start threads for components")]
    Threads(#[source] std::io::Error),
    /// A database or a key-value store can't be opened.
    #[error("can't open the database `{}`", path.display())]
    Database {
        /// Its file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

fn lines(problems: &[Problem]) -> String {
    let messages: Vec<&str> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    let mut lines = messages.join("\nerror: ");
    let mut hints: Vec<&str> = problems
        .iter()
        .filter_map(|problem| problem.hint.as_deref())
        .collect();
    let mut seen = HashSet::new();
    hints.retain(|hint| seen.insert(*hint));
    for hint in hints {
        lines.push_str("\nhint: ");
        lines.push_str(hint);
    }
    lines
}
