//! What a server says when it does not do what was asked, and what it means by that. Servers agree on no shape
//! and on no words: these are those of OpenAI, Ollama, llama.cpp, vLLM, LM Studio and what is built on FastAPI.

use http::StatusCode;
use serde_json::Value;

/// Of a prompt that does not fit, whatever the status.
const CONTEXT_WORDS: [&str; 13] = [
    "context length",
    "context_length",
    "context size",
    "context_size",
    "context window",
    "context limit",
    "maximum context",
    "exceeds the context",
    "exceed context",
    "too many tokens",
    "maximum tokens",
    "maximum number of tokens",
    "token limit",
];
/// The same, from a status that says that it is the request's size.
const SIZE_WORDS: [&str; 2] = ["too long", "too large"];
/// Of a model that is not there, in a message that is about models.
const ABSENCE_WORDS: [&str; 10] = [
    "not found",
    "not_found",
    "not exist",
    "unknown model",
    "no such model",
    "no model",
    "invalid model",
    "not loaded",
    "not available",
    "try pulling it",
];

/// An error in a server's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// As it came: neither bounded nor without secrets.
    pub(super) message: String,
    /// The status that is meant, where an error comes as a success.
    pub(super) status: Option<StatusCode>,
    /// Everything, in lower case, to be searched for words.
    all: String,
}

/// What an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unauthorized,
    ContextTooLong,
    UnknownModel,
    /// Only the list of models tells.
    PerhapsUnknownModel,
    Failed,
    Refused,
}

impl Said {
    /// The body of an answer that is no success.
    pub(super) fn of_body(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        match serde_json::from_slice(body) {
            Ok(value) => Self::of_error(&value),
            Err(_) => Self::of_text(&text),
        }
    }

    /// The error in an answer that came as a success, if there is one.
    pub(super) fn of_answer(answer: &Value) -> Option<Self> {
        let error = answer.get("error").is_some_and(|error| !error.is_null())
            || answer.get("object").and_then(Value::as_str) == Some("error");
        error.then(|| Self::of_error(answer))
    }

    fn of_error(value: &Value) -> Self {
        let error = value.get("error").filter(|error| !error.is_null());
        let error = error.unwrap_or(value);
        let message = [error.get("message"), error.get("detail"), Some(error)]
            .into_iter()
            .flatten()
            .map(text_of)
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        let code = error.get("code").or_else(|| error.get("status"));
        let status = code
            .and_then(Value::as_u64)
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| (400..600).contains(code))
            .and_then(|code| StatusCode::from_u16(code).ok());
        Self {
            message,
            status,
            all: value.to_string().to_lowercase(),
        }
    }

    fn of_text(text: &str) -> Self {
        Self {
            message: text.to_owned(),
            status: None,
            all: text.to_lowercase(),
        }
    }

    /// Whether it is the streaming that the server does not want.
    pub(super) fn is_of_streaming(&self, status: StatusCode) -> bool {
        matches!(status.as_u16(), 400 | 422) && self.all.contains("stream")
    }

    /// What an error with this status is about, when `model` was asked for.
    pub(super) fn kind(&self, status: StatusCode, model: &str) -> Kind {
        let says = |words: &[&str]| words.iter().any(|word| self.all.contains(word));
        let status = status.as_u16();
        let of_model = says(&["model"]) || self.all.contains(&model.to_lowercase());
        match status {
            401 | 403 => Kind::Unauthorized,
            429 => Kind::Failed,
            413 => Kind::ContextTooLong,
            404 if of_model && says(&ABSENCE_WORDS) => Kind::UnknownModel,
            404 => Kind::PerhapsUnknownModel,
            _ if says(&CONTEXT_WORDS) => Kind::ContextTooLong,
            400 | 422 if says(&SIZE_WORDS) => Kind::ContextTooLong,
            400 if of_model && says(&ABSENCE_WORDS) => Kind::UnknownModel,
            400 if of_model => Kind::PerhapsUnknownModel,
            300..500 => Kind::Refused,
            _ => Kind::Failed,
        }
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_found_in_every_shape() {
        let cases = [
            (r#"{"error":{"message":"no","code":"x"}}"#, "no"),
            (r#"{"error":"no"}"#, "no"),
            (r#"{"object":"error","message":"no","code":400}"#, "no"),
            (r#"{"detail":"no"}"#, "no"),
            (
                r#"{"detail":[{"loc":["body"],"msg":"no"}]}"#,
                r#"[{"loc":["body"],"msg":"no"}]"#,
            ),
            (
                r#"{"error":{"message":"","type":"x"}}"#,
                r#"{"message":"","type":"x"}"#,
            ),
            ("404 page not found", "404 page not found"),
            ("", ""),
        ];
        for (body, expected) in cases {
            assert_eq!(Said::of_body(body.as_bytes()).message, expected, "{body}");
        }
    }

    #[test]
    fn an_error_that_comes_as_a_success_is_seen() {
        let cases = [
            (r#"{"error":{"message":"no","code":401}}"#, Some(Some(401))),
            (r#"{"error":{"message":"no","code":"x"}}"#, Some(None)),
            (r#"{"error":{"message":"no","code":200}}"#, Some(None)),
            (
                r#"{"object":"error","message":"no","code":400}"#,
                Some(Some(400)),
            ),
            (r#"{"error":"no"}"#, Some(None)),
            (r#"{"error":null,"choices":[]}"#, None),
            (r#"{"choices":[]}"#, None),
            ("5", None),
        ];
        for (answer, expected) in cases {
            let said = Said::of_answer(&serde_json::from_str(answer).unwrap());
            let status = said.map(|said| said.status.map(|status| status.as_u16()));
            assert_eq!(status, expected, "{answer}");
        }
    }

    #[test]
    fn what_servers_say_is_understood() {
        use Kind::{
            ContextTooLong, Failed, PerhapsUnknownModel, Refused, Unauthorized, UnknownModel,
        };
        let cases = [
            (
                401,
                r#"{"error":{"message":"Incorrect API key provided"}}"#,
                Unauthorized,
            ),
            (403, "", Unauthorized),
            (
                404,
                r#"{"error":{"message":"model \"qwen\" not found, try pulling it first"}}"#,
                UnknownModel,
            ),
            (
                404,
                r#"{"error":{"message":"The model `qwen` does not exist","code":"model_not_found"}}"#,
                UnknownModel,
            ),
            (404, r#"{"detail":"Not Found"}"#, PerhapsUnknownModel),
            (404, "404 page not found", PerhapsUnknownModel),
            (
                400,
                r#"{"error":"No models loaded. Please load a model"}"#,
                UnknownModel,
            ),
            (400, r#"{"error":"qwen: bad"}"#, PerhapsUnknownModel),
            (
                400,
                r#"{"error":{"message":"This model's maximum context length is 8192 tokens"}}"#,
                ContextTooLong,
            ),
            (
                400,
                r#"{"error":{"message":"no","code":"context_length_exceeded"}}"#,
                ContextTooLong,
            ),
            (
                400,
                r#"{"error":{"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}"#,
                ContextTooLong,
            ),
            (400, "prompt is too long", ContextTooLong),
            (413, "<html>Request Entity Too Large</html>", ContextTooLong),
            (
                500,
                "the prompt does not fit the context window",
                ContextTooLong,
            ),
            (500, "context canceled", Failed),
            (
                503,
                r#"{"error":{"message":"Loading model","code":503}}"#,
                Failed,
            ),
            (429, "maximum tokens per minute", Failed),
            (400, "bad JSON", Refused),
            (422, "bad field", Refused),
            (302, "", Refused),
            (200, "it broke", Failed),
        ];
        for (status, body, expected) in cases {
            let said = Said::of_body(body.as_bytes());
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(said.kind(status, "Qwen"), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_server_that_can_not_stream_is_known_by_its_words() {
        let of = |status: u16, body: &str| {
            Said::of_body(body.as_bytes()).is_of_streaming(StatusCode::from_u16(status).unwrap())
        };
        assert!(of(
            400,
            r#"{"error":{"message":"Streaming is not supported"}}"#
        ));
        assert!(of(
            422,
            r#"{"detail":[{"loc":["body","stream_options"],"msg":"extra"}]}"#
        ));
        assert!(!of(500, "stream"));
        assert!(!of(400, "bad"));
    }
}
