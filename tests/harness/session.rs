//! A session of one test: its tool calls and its files.

use std::path::PathBuf;

use super::http::{Http, Reply};
use super::server::Server;
use super::tool::{ToolCall, ToolReply};

/// A session that no other test uses.
pub(crate) struct Session<'a> {
    server: &'a Server,
    id: String,
}

impl<'a> Session<'a> {
    pub(crate) fn new(server: &'a Server, id: String) -> Self {
        Self { server, id }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// A tool call in this session.
    pub(crate) fn tool(&self, code: &str) -> ToolCall<'a> {
        self.server.tool(code).session(&self.id)
    }

    /// Runs a program in this session.
    #[track_caller]
    pub(crate) fn run(&self, code: &str) -> ToolReply {
        self.tool(code).send()
    }

    /// The path of a route of this session, such as `files/a.txt`, which goes out as it is.
    pub(crate) fn route(&self, rest: &str) -> String {
        format!("/api/sessions/{}/{rest}", self.id)
    }

    #[track_caller]
    pub(crate) fn get(&self, rest: &str) -> Reply {
        self.http().get(&self.route(rest))
    }

    #[track_caller]
    pub(crate) fn put(&self, rest: &str, body: impl AsRef<[u8]>) -> Reply {
        self.http().put(&self.route(rest), body)
    }

    #[track_caller]
    pub(crate) fn delete(&self, rest: &str) -> Reply {
        self.http().delete(&self.route(rest))
    }

    /// Its workspace on the host.
    pub(crate) fn folder(&self) -> PathBuf {
        self.server.data().join("scratch").join(&self.id)
    }

    fn http(&self) -> &'a Http {
        self.server.http()
    }
}
