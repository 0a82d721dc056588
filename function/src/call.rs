//! A tool call: what an agent's request says, once it has been understood.

use api::tool::ToolContext;
use api::{ExecutionId, SessionId, SessionKey};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::settings::{Settings, seconds};
use crate::tenant::Tenant;
use crate::trace::Parent;

/// The largest request, in bytes.
pub const MAX_REQUEST_BYTES: usize = 10 << 20;

/// A tool call that may be executed.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its name in the history.
    pub execution_id: ExecutionId,
    /// Where it runs.
    pub session_id: SessionKey,
    /// What the agent sent, whole.
    pub code: String,
    /// What `input()` reads.
    pub stdin: String,
    /// How long it may run.
    pub timeout_ms: u64,
    /// The seconds that the agent asked for, if it did.
    pub asked_timeout: Option<f64>,
    /// Why the agent calls.
    pub context: Option<ToolContext>,
    /// The span that it is called in.
    pub parent: Parent,
}

/// Why a request is no tool call. The messages are written for the agent, and each is one line.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum BadCall {
    /// Not JSON.
    #[error("the body is not JSON: {0}")]
    NotJson(String),
    /// JSON, and not an object.
    #[error("the body must be a JSON object such as {{\"code\": \"print('hi')\"}}, not {0}")]
    NotAnObject(&'static str),
    /// No `code`.
    #[error("`code` is missing: it must be a string of Python source")]
    MissingCode,
    /// `code` without anything in it.
    #[error("`code` is empty: it must be a string of Python source")]
    EmptyCode,
    /// A field of the wrong type.
    #[error("`{field}` must be {expected}, not {found}")]
    WrongType {
        /// The field.
        field: &'static str,
        /// Its type.
        expected: &'static str,
        /// The type of what came.
        found: &'static str,
    },
    /// A session id that is none.
    #[error(transparent)]
    SessionId(#[from] api::InvalidId),
    /// No time at all.
    #[error("`timeout` must be more than 0 seconds, not {0}")]
    TimeoutTooSmall(f64),
    /// More time than there is to be had.
    #[error(
        "`timeout` is {asked} s, more than the {} s that `python_executor_max_timeout` allows",
        seconds(*.max_ms)
    )]
    TimeoutTooLarge {
        /// Seconds.
        asked: f64,
        /// The setting.
        max_ms: u64,
    },
}

impl Call {
    /// Understands the body of a request, of whatever content type it says it is. Names are made only where
    /// they are needed.
    pub fn parse(
        body: &[u8],
        settings: &Settings,
        tenant: &Tenant,
        new_execution_id: impl FnOnce() -> ExecutionId,
        new_session_id: impl FnOnce() -> SessionId,
    ) -> Result<Self, BadCall> {
        let value: Value =
            serde_json::from_slice(body).map_err(|error| BadCall::NotJson(error.to_string()))?;
        let Value::Object(fields) = value else {
            return Err(BadCall::NotAnObject(type_name(&value)));
        };
        let code = text(&fields, "code")?.ok_or(BadCall::MissingCode)?;
        if code.trim().is_empty() {
            return Err(BadCall::EmptyCode);
        }
        let session_id = text(&fields, "session_id")?
            .map(|id| SessionId::parse(&id))
            .transpose()?;
        let asked_timeout = asked_timeout(&fields)?;
        Ok(Self {
            timeout_ms: timeout_ms(asked_timeout, settings)?,
            asked_timeout,
            context: context(&fields)?,
            stdin: text(&fields, "stdin")?.unwrap_or_default(),
            execution_id: new_execution_id(),
            session_id: tenant.session(&session_id.unwrap_or_else(new_session_id)),
            code,
            parent: Parent::default(),
        })
    }

    /// The same call, made in this span.
    pub fn within(self, parent: Parent) -> Self {
        Self { parent, ..self }
    }

    /// The file that the source of a run is kept in; `run` counts from 1.
    pub fn script_name(&self, run: u32) -> String {
        match run {
            1 => format!("script_{}.py", self.execution_id),
            _ => format!("script_{}_{run}.py", self.execution_id),
        }
    }
}

/// A session's workspace, as the operator sees it if this is what the session is kept as; its owner is told what the
/// owner calls it.
pub fn workspace(session: &str) -> String {
    format!("data/scratch/{session}")
}

fn text(fields: &Map<String, Value>, field: &'static str) -> Result<Option<String>, BadCall> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(BadCall::WrongType {
            field,
            expected: "a string",
            found: type_name(other),
        }),
    }
}

fn asked_timeout(fields: &Map<String, Value>) -> Result<Option<f64>, BadCall> {
    match fields.get("timeout") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => Ok(Some(number.as_f64().unwrap_or(f64::INFINITY))),
        Some(other) => Err(BadCall::WrongType {
            field: "timeout",
            expected: "a number of seconds",
            found: type_name(other),
        }),
    }
}

fn timeout_ms(asked: Option<f64>, settings: &Settings) -> Result<u64, BadCall> {
    let Some(asked) = asked else {
        return Ok(settings.timeout_ms);
    };
    let asked_ms = asked * 1000.0;
    if asked_ms > settings.max_timeout_ms as f64 {
        Err(BadCall::TimeoutTooLarge {
            asked,
            max_ms: settings.max_timeout_ms,
        })
    } else if asked_ms > 0.0 {
        Ok((asked_ms.round() as u64).max(1))
    } else {
        Err(BadCall::TimeoutTooSmall(asked))
    }
}

/// What the agent was about is a help for readers; its unknown fields are ignored like all others.
fn context(fields: &Map<String, Value>) -> Result<Option<ToolContext>, BadCall> {
    match fields.get("context") {
        None | Some(Value::Null) => Ok(None),
        Some(value @ Value::Object(_)) => {
            ToolContext::deserialize(value)
                .map(Some)
                .map_err(|_| BadCall::WrongType {
                    field: "context",
                    expected: "an object whose `user_query` and `current_thought` are strings",
                    found: "one with something else in them",
                })
        }
        Some(other) => Err(BadCall::WrongType {
            field: "context",
            expected: "an object",
            found: type_name(other),
        }),
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<Call, String> {
        let settings = Settings::from_lookup(|_| None).unwrap();
        let execution = || ExecutionId::parse("e1").unwrap();
        let session = || SessionId::parse("new").unwrap();
        let tenant = Tenant::default();
        Call::parse(body.as_bytes(), &settings, &tenant, execution, session)
            .map_err(|bad| bad.to_string())
    }

    #[test]
    fn only_code_is_needed_and_unknown_fields_are_ignored() {
        let call = parse(
            r#"{"code":"1","session_id":null,"timeout":null,"surprise":[1],"context":{"x":1}}"#,
        )
        .unwrap();
        assert_eq!(call.session_id.as_str(), "new");
        assert_eq!((call.timeout_ms, call.asked_timeout), (30_000, None));
        assert_eq!(call.script_name(1), "script_e1.py");
        assert_eq!(call.script_name(2), "script_e1_2.py");
        assert_eq!(call.context, Some(ToolContext::default()));
    }

    #[test]
    fn everything_is_understood() {
        let call = parse(
            r#"{"code":"1","session_id":"abc123","timeout":0.5,"stdin":"in","context":{"user_query":"q"}}"#,
        )
        .unwrap();
        assert_eq!(call.session_id.as_str(), "abc123");
        assert_eq!((call.timeout_ms, call.asked_timeout), (500, Some(0.5)));
        assert_eq!(call.stdin, "in");
        assert_eq!(call.context.unwrap().user_query.as_deref(), Some("q"));
    }

    #[test]
    fn a_bad_request_is_told_what_is_bad() {
        let cases = [
            (
                "",
                "the body is not JSON: EOF while parsing a value at line 1 column 0",
            ),
            (
                "code=1",
                "the body is not JSON: expected value at line 1 column 1",
            ),
            (
                r#"{"code":"1","timeout":NaN}"#,
                "the body is not JSON: expected value at line 1 column 23",
            ),
            (
                "[]",
                r#"the body must be a JSON object such as {"code": "print('hi')"}, not an array"#,
            ),
            (
                "{}",
                "`code` is missing: it must be a string of Python source",
            ),
            (
                r#"{"code":null}"#,
                "`code` is missing: it must be a string of Python source",
            ),
            (
                r#"{"code":" \n"}"#,
                "`code` is empty: it must be a string of Python source",
            ),
            (r#"{"code":1}"#, "`code` must be a string, not a number"),
            (
                r#"{"code":"1","session_id":5}"#,
                "`session_id` must be a string, not a number",
            ),
            (
                r#"{"code":"1","timeout":"5"}"#,
                "`timeout` must be a number of seconds, not a string",
            ),
            (
                r#"{"code":"1","timeout":0}"#,
                "`timeout` must be more than 0 seconds, not 0",
            ),
            (
                r#"{"code":"1","timeout":-1}"#,
                "`timeout` must be more than 0 seconds, not -1",
            ),
            (
                r#"{"code":"1","timeout":300.1}"#,
                "`timeout` is 300.1 s, more than the 300 s that `python_executor_max_timeout` allows",
            ),
            (
                r#"{"code":"1","context":"q"}"#,
                "`context` must be an object, not a string",
            ),
            (
                r#"{"code":"1","stdin":{}}"#,
                "`stdin` must be a string, not an object",
            ),
        ];
        for (body, message) in cases {
            assert_eq!(parse(body).unwrap_err(), message, "{body}");
        }
        assert!(
            parse(r#"{"code":"1","session_id":"../x"}"#)
                .unwrap_err()
                .starts_with("invalid session_id `../x`")
        );
    }

    #[test]
    fn the_largest_timeout_is_allowed() {
        assert_eq!(
            parse(r#"{"code":"1","timeout":300}"#).unwrap().timeout_ms,
            300_000
        );
        assert_eq!(
            parse(r#"{"code":"1","timeout":0.0001}"#)
                .unwrap()
                .timeout_ms,
            1
        );
    }
}
