//! A tool call, as an agent makes it, and its answer.

use std::fmt;
use std::ops::Deref;

use api::python::Outcome;
use api::tool::{ToolRequest, ToolResponse};

use super::http::{Http, Reply};

/// Where tool calls go.
pub(crate) const PYTHON_CODER: &str = "/api/tools/python_coder";

/// A call in the making.
pub(crate) struct ToolCall<'a> {
    http: &'a Http,
    request: ToolRequest,
}

impl<'a> ToolCall<'a> {
    pub(crate) fn new(http: &'a Http, code: &str) -> Self {
        Self {
            http,
            request: ToolRequest {
                code: code.to_owned(),
                ..ToolRequest::default()
            },
        }
    }

    pub(crate) fn session(mut self, session_id: &str) -> Self {
        self.request.session_id = Some(session_id.to_owned());
        self
    }

    pub(crate) fn timeout(mut self, seconds: f64) -> Self {
        self.request.timeout = Some(seconds);
        self
    }

    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.request.stdin = Some(text.to_owned());
        self
    }

    /// Makes the call, whatever comes of it.
    #[track_caller]
    pub(crate) fn reply(self) -> Reply {
        self.http.post_json(
            PYTHON_CODER,
            &serde_json::to_value(&self.request).expect("it is plain data"),
        )
    }

    /// Makes the call; the program runs, whether it succeeds or fails.
    #[track_caller]
    pub(crate) fn send(self) -> ToolReply {
        ToolReply::of(self.reply().expect(200))
    }
}

/// The answer to a call whose program ran.
pub(crate) struct ToolReply {
    response: ToolResponse,
    reply: Reply,
}

impl ToolReply {
    #[track_caller]
    pub(crate) fn of(reply: Reply) -> Self {
        Self {
            response: reply.json(),
            reply,
        }
    }

    /// Asserts that the program succeeded and what it printed, and nothing else on standard error.
    #[track_caller]
    pub(crate) fn prints(self, stdout: &str) -> Self {
        let reply = self.succeeded();
        assert_eq!(reply.data.stdout, stdout, "\n{reply}");
        assert_eq!(reply.data.stderr, "", "\n{reply}");
        reply
    }

    /// Asserts that the program came to its end without an error.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Self {
        assert!(self.success, "it failed\n{self}");
        self.ended(Outcome::Ok, 0)
    }

    /// Asserts that an exception nothing caught ended it, and the exact last line of its traceback. The
    /// one line in `error` names the same exception; CPython adds hints to tracebacks alone.
    #[track_caller]
    pub(crate) fn raises(self, last_line: &str) -> Self {
        let reply = self.ended(Outcome::Exception, 1);
        let shown = reply
            .data
            .stderr
            .trim_end()
            .lines()
            .last()
            .unwrap_or_default();
        assert_eq!(
            shown, last_line,
            "
{reply}"
        );
        let name = last_line.split(':').next().unwrap_or_default();
        assert!(
            reply
                .error
                .as_ref()
                .is_some_and(|error| error.starts_with(name)),
            "
{reply}"
        );
        reply
    }

    /// Asserts that it did not succeed, and the exact line that says why.
    #[track_caller]
    pub(crate) fn fails(self, error: &str) -> Self {
        assert_eq!(
            (self.success, self.error.as_deref()),
            (false, Some(error)),
            "\n{self}"
        );
        self
    }

    /// Asserts how it ended.
    #[track_caller]
    pub(crate) fn ended(self, outcome: Outcome, returncode: i32) -> Self {
        assert_eq!(self.metadata.outcome, Some(outcome), "\n{self}");
        assert_eq!(self.data.returncode, returncode, "\n{self}");
        let failed = outcome != Outcome::Ok;
        assert_eq!(
            (self.success, self.error.is_some()),
            (!failed, failed),
            "\n{self}"
        );
        self
    }

    /// The session it ran in.
    pub(crate) fn session_id(&self) -> &str {
        self.metadata
            .session_id
            .as_deref()
            .unwrap_or_else(|| panic!("no session_id\n{self}"))
    }

    /// Its name in the history.
    pub(crate) fn execution_id(&self) -> &str {
        self.metadata
            .execution_id
            .as_deref()
            .unwrap_or_else(|| panic!("no execution_id\n{self}"))
    }

    /// The one result of a media type.
    #[track_caller]
    pub(crate) fn result(&self, media_type: &str) -> &str {
        let mut all = self
            .data
            .results
            .iter()
            .filter_map(|bundle| bundle.get(media_type));
        match (all.next(), all.next()) {
            (Some(one), None) => one,
            _ => panic!("there is not exactly one result of {media_type}\n{self}"),
        }
    }

    /// The paths of the workspace's files, without the scripts that were run.
    pub(crate) fn files(&self) -> Vec<&str> {
        let is_script = |path: &&str| path.starts_with("script_") && path.ends_with(".py");
        self.data
            .files
            .keys()
            .map(String::as_str)
            .filter(|path| !is_script(path))
            .collect()
    }

    /// The answer as JSON.
    pub(crate) fn value(&self) -> serde_json::Value {
        self.reply.json()
    }
}

impl Deref for ToolReply {
    type Target = ToolResponse;
    fn deref(&self) -> &ToolResponse {
        &self.response
    }
}

impl fmt::Display for ToolReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reply.fmt(f)
    }
}
