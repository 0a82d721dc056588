//! JSON-RPC: what comes in, and what goes out.

use api::error::ErrorCode;
use serde_json::{Map, Value, json};

use crate::error::Refusal;

/// Not JSON.
pub(super) const PARSE_ERROR: i64 = -32700;
/// JSON, and no message.
pub(super) const INVALID_REQUEST: i64 = -32600;
/// There is no such method.
pub(super) const METHOD_NOT_FOUND: i64 = -32601;
/// The method is there, and can't take this.
pub(super) const INVALID_PARAMS: i64 = -32602;
/// We failed.
const INTERNAL_ERROR: i64 = -32603;

/// What a client sends.
#[derive(Debug)]
pub(super) enum Message {
    /// It wants an answer.
    Request(Request),
    /// It wants none.
    Notification {
        method: String,
        params: Map<String, Value>,
    },
    /// An answer to what a server may ask, which this one never does.
    Answer,
}

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: Value,
    pub(super) method: String,
    pub(super) params: Map<String, Value>,
}

impl Message {
    /// Understands a body.
    pub(super) fn parse(body: &[u8]) -> Result<Self, RpcError> {
        let value: Value = serde_json::from_slice(body).map_err(|error| {
            RpcError::new(PARSE_ERROR, format!("the body is not JSON: {error}"))
        })?;
        let Value::Object(mut fields) = value else {
            return Err(invalid("the body must be one JSON-RPC message, an object"));
        };
        if fields.get("jsonrpc") != Some(&json!("2.0")) {
            return Err(invalid("`jsonrpc` must be \"2.0\""));
        }
        let params = match fields.remove("params") {
            None => Map::new(),
            Some(Value::Object(params)) => params,
            Some(_) => return Err(invalid("`params` must be an object")),
        };
        match (fields.remove("method"), fields.remove("id")) {
            (Some(Value::String(method)), None) => Ok(Self::Notification { method, params }),
            (Some(Value::String(method)), Some(id)) if is_id(&id) => {
                Ok(Self::Request(Request { id, method, params }))
            }
            (Some(Value::String(_)), Some(_)) => {
                Err(invalid("`id` must be a string or a whole number"))
            }
            (None, Some(_)) if fields.contains_key("result") || fields.contains_key("error") => {
                Ok(Self::Answer)
            }
            _ => Err(invalid("`method` must be a string")),
        }
    }

    /// The id that an answer must have.
    pub(super) fn id(&self) -> Value {
        match self {
            Self::Request(request) => request.id.clone(),
            _ => Value::Null,
        }
    }

    /// What it is about; an answer is about nothing.
    pub(super) fn about(&self) -> Option<(&str, &Map<String, Value>)> {
        match self {
            Self::Request(Request { method, params, .. })
            | Self::Notification { method, params } => Some((method, params)),
            Self::Answer => None,
        }
    }
}

impl Request {
    /// A parameter that must be a string.
    pub(super) fn text(&self, name: &str) -> Result<&str, RpcError> {
        let text = self.params.get(name).and_then(Value::as_str);
        text.ok_or_else(|| RpcError::invalid_params(format!("`{name}` must be a string")))
    }
}

fn is_id(id: &Value) -> bool {
    id.is_string() || id.is_i64() || id.is_u64()
}

/// The answer that something went well.
pub(super) fn result(id: &Value, result: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "result": result })
}

/// Why a request has no result.
#[derive(Debug)]
pub(super) struct RpcError {
    pub(super) code: i64,
    message: String,
    data: Option<Value>,
}

impl RpcError {
    pub(super) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }

    pub(super) fn invalid_params(message: impl Into<String>) -> Self {
        Self::new(INVALID_PARAMS, message)
    }

    pub(super) fn data(mut self, data: Value) -> Self {
        self.data = Some(data);
        self
    }

    /// The answer.
    pub(super) fn message(&self, id: &Value) -> Value {
        let mut error = json!({ "code": self.code, "message": self.message });
        if let Some(data) = &self.data {
            error["data"] = data.clone();
        }
        json!({ "jsonrpc": "2.0", "id": id, "error": error })
    }
}

/// What the API would refuse.
impl From<Refusal> for RpcError {
    fn from(refusal: Refusal) -> Self {
        let body = refusal.body;
        let code = match body.code {
            ErrorCode::Internal | ErrorCode::PythonUnavailable | ErrorCode::Misconfigured => {
                INTERNAL_ERROR
            }
            _ => INVALID_PARAMS,
        };
        Self::new(code, body.error.clone()).data(json!(body))
    }
}

fn invalid(message: &str) -> RpcError {
    RpcError::new(INVALID_REQUEST, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_is_one() {
        let code = |body: &str| {
            Message::parse(body.as_bytes())
                .map_err(|error| error.code)
                .err()
        };
        for good in [
            r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":"a","method":"ping","params":{}}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        ] {
            assert_eq!(code(good), None, "{good}");
        }
        assert_eq!(code("{"), Some(PARSE_ERROR));
        for bad in [
            "[]",
            r#"{"id":1,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":7}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#,
            r#"{"jsonrpc":"2.0","id":1}"#,
        ] {
            assert_eq!(code(bad), Some(INVALID_REQUEST), "{bad}");
        }
    }
}
