//! What a model server says, and how.

use std::time::Duration;

use serde_json::{Value, json};

/// No test lasts so long: who waits for this waits until the client hangs up.
pub(super) const FOREVER: Duration = Duration::from_secs(600);

/// A reply. It is streamed where that is asked for, with its tokens in the last event, unless it is told otherwise.
#[derive(Debug, Clone)]
pub(crate) struct Say {
    pub(super) content: Content,
    pub(super) thoughts: Option<(&'static str, String)>,
    pub(super) finish_reason: &'static str,
    pub(super) tokens: Option<(u64, u64)>,
    pub(super) is_streamed: bool,
    pub(super) waits: Duration,
    pub(super) middle: Middle,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Text(String),
    ToolCall {
        name: &'static str,
        arguments: String,
    },
    Raw {
        status: u16,
        content_type: &'static str,
        body: String,
    },
}

/// What happens when half of the reply is out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Middle {
    Nothing,
    BreaksOff,
    Stalls,
}

impl Say {
    fn new(content: Content) -> Self {
        Self {
            content,
            thoughts: None,
            finish_reason: "stop",
            tokens: Some((100, 20)),
            is_streamed: true,
            waits: Duration::ZERO,
            middle: Middle::Nothing,
        }
    }

    /// This text, as it is.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::new(Content::Text(text.into()))
    }

    /// A program; the model wants to see what comes of it.
    pub(crate) fn code(code: &str) -> Self {
        Self::text(format!("Here is the program:\n\n```python\n{code}\n```\n"))
    }

    /// A program after which nothing is left to do.
    pub(crate) fn done(code: &str) -> Self {
        Self::text(format!("```python\n{code}\n```\nDONE"))
    }

    /// A program whose end the model's limit of tokens has cut off.
    pub(crate) fn cut_short(code: &str) -> Self {
        Self {
            finish_reason: "length",
            ..Self::text(format!("```python\n{code}"))
        }
    }

    /// A program in a call of a tool instead of in the text.
    pub(crate) fn tool_call(code: &str) -> Self {
        Self::calls("python_coder", &json!({ "code": code }))
    }

    /// A call of any tool.
    pub(crate) fn calls(name: &'static str, arguments: &Value) -> Self {
        let arguments = arguments.to_string();
        Self {
            finish_reason: "tool_calls",
            ..Self::new(Content::ToolCall { name, arguments })
        }
    }

    /// Any answer at all.
    pub(crate) fn raw(status: u16, content_type: &'static str, body: impl Into<String>) -> Self {
        let body = body.into();
        Self::new(Content::Raw {
            status,
            content_type,
            body,
        })
    }

    /// An error as OpenAI's API words it.
    pub(crate) fn refusal(status: u16, message: &str) -> Self {
        let body = json!({ "error": { "message": message, "type": "invalid_request_error" } });
        Self::raw(status, "application/json", body.to_string())
    }

    /// The answer to `GET /v1/models`.
    pub(super) fn models(names: &[&str]) -> Self {
        let models: Vec<_> = names.iter().map(|name| json!({ "id": name })).collect();
        Self::raw(
            200,
            "application/json",
            json!({ "data": models }).to_string(),
        )
    }

    /// As one JSON object, though a stream was asked for.
    pub(crate) fn whole(mut self) -> Self {
        self.is_streamed = false;
        self
    }

    /// Counted so.
    pub(crate) fn tokens(mut self, prompt: u64, completion: u64) -> Self {
        self.tokens = Some((prompt, completion));
        self
    }

    /// Not counted.
    pub(crate) fn without_usage(mut self) -> Self {
        self.tokens = None;
        self
    }

    /// After these thoughts, in a field beside the content.
    pub(crate) fn thinking(mut self, field: &'static str, thoughts: &str) -> Self {
        self.thoughts = Some((field, thoughts.to_owned()));
        self
    }

    /// Says nothing at all for a time.
    pub(crate) fn waits(mut self, time: Duration) -> Self {
        self.waits = time;
        self
    }

    /// Says nothing at all until the client hangs up.
    pub(crate) fn never(self) -> Self {
        self.waits(FOREVER)
    }

    /// Closes the connection in the middle of the reply.
    pub(crate) fn breaks_off(mut self) -> Self {
        self.middle = Middle::BreaksOff;
        self
    }

    /// Says nothing more from the middle of the reply on, until the client hangs up.
    pub(crate) fn stalls(mut self) -> Self {
        self.middle = Middle::Stalls;
        self
    }
}
