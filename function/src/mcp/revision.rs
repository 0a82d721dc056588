//! Which revision of the protocol a request speaks: one of 2025, agreed upon with `initialize`, or that of 2026, which
//! each request names along with what its client can do.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderName, StatusCode};
use serde_json::{Map, Value, json};

use super::message::{
    INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, Message, PARSE_ERROR, RpcError,
};

/// Those that begin with `initialize`, the newest first.
const HANDSHAKE: [&str; 3] = ["2025-11-25", "2025-06-18", OLDEST];
/// The one that has no header to say so.
const OLDEST: &str = "2025-03-26";
/// The one where each request stands for itself.
const PER_REQUEST: &str = "2026-07-28";

const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const NAME: HeaderName = HeaderName::from_static("mcp-name");
const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES_KEY: &str = "io.modelcontextprotocol/clientCapabilities";

const HEADER_MISMATCH: i64 = -32020;
const UNSUPPORTED_VERSION: i64 = -32022;
/// In 2025 a resource that is not there had a number of its own.
const RESOURCE_NOT_FOUND: i64 = -32002;

/// How a request is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Revision {
    /// Agreed upon with `initialize`.
    Handshake(&'static str),
    /// Named by the request.
    PerRequest,
}

impl Revision {
    /// The revision of a message; refuses one that is not known, and one that says two things at once.
    pub(super) fn of(headers: &HeaderMap, message: &Message) -> Result<Self, RpcError> {
        let header = single(headers, &VERSION)?;
        let about = message.about();
        let named = about.and_then(|(_, params)| params.get("_meta")?.get(VERSION_KEY));
        if named.is_some() || header == Some(PER_REQUEST) {
            if let Message::Request(request) = message {
                check(headers, header, &request.method, &request.params)?;
            }
            return Ok(Self::PerRequest);
        }
        match header {
            None => Ok(Self::Handshake(OLDEST)),
            Some(header) => HANDSHAKE
                .into_iter()
                .find(|version| *version == header)
                .map(Self::Handshake)
                .ok_or_else(|| unsupported(header)),
        }
    }

    /// What `initialize` agrees to: what was asked for, or else the newest that there is.
    pub(super) fn agree(asked: &str) -> &'static str {
        let known = HANDSHAKE.into_iter().find(|version| *version == asked);
        known.unwrap_or(HANDSHAKE[0])
    }

    /// What `server/discover` lists.
    pub(super) fn discoverable() -> [&'static str; 1] {
        [PER_REQUEST]
    }

    /// Whether a client has a session that it names in a header.
    pub(super) fn has_sessions(self) -> bool {
        self != Self::PerRequest
    }

    /// Whether a result may have links to resources in it; a client of the oldest would not understand it.
    pub(super) fn has_links(self) -> bool {
        self != Self::Handshake(OLDEST)
    }

    /// The code for a resource that is not there.
    pub(super) fn not_found(self) -> i64 {
        match self {
            Self::Handshake(_) => RESOURCE_NOT_FOUND,
            Self::PerRequest => INVALID_PARAMS,
        }
    }

    /// The HTTP status that goes with an error.
    pub(super) fn status(self, code: i64) -> StatusCode {
        match (self, code) {
            (_, PARSE_ERROR | INVALID_REQUEST) => StatusCode::BAD_REQUEST,
            (Self::PerRequest, METHOD_NOT_FOUND) => StatusCode::NOT_FOUND,
            (Self::PerRequest, INVALID_PARAMS) => StatusCode::BAD_REQUEST,
            _ => StatusCode::OK,
        }
    }
}

/// What stands in headers, for whoever is on the way, must be what the message says.
fn check(
    headers: &HeaderMap,
    version: Option<&str>,
    method: &str,
    params: &Map<String, Value>,
) -> Result<(), RpcError> {
    let meta = params.get("_meta").and_then(Value::as_object);
    let field = |key| meta.and_then(|meta| meta.get(key));
    let (Some(named), Some(_)) = (field(VERSION_KEY), field(CAPABILITIES_KEY)) else {
        return Err(RpcError::invalid_params(format!(
            "`params._meta` must have `{VERSION_KEY}` and `{CAPABILITIES_KEY}`"
        )));
    };
    let named = named
        .as_str()
        .ok_or_else(|| RpcError::invalid_params(format!("`{VERSION_KEY}` must be a string")))?;
    same(&VERSION, version.map(str::to_owned), named)?;
    same(
        &METHOD,
        single(headers, &METHOD)?.map(str::to_owned),
        method,
    )?;
    let of = match method {
        "tools/call" | "prompts/get" => "name",
        "resources/read" => "uri",
        _ => "",
    };
    if let Some(name) = params.get(of).and_then(Value::as_str) {
        same(&NAME, single(headers, &NAME)?.and_then(decoded), name)?;
    }
    if named == PER_REQUEST {
        Ok(())
    } else {
        Err(unsupported(named))
    }
}

fn same(name: &HeaderName, header: Option<String>, said: &str) -> Result<(), RpcError> {
    if header.as_deref() == Some(said) {
        return Ok(());
    }
    let message = format!("the header `{name}` must be there and say what the message says");
    Err(RpcError::new(HEADER_MISMATCH, message))
}

/// A header that may be there once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, RpcError> {
    let mut values = headers.get_all(name).into_iter();
    let value = values
        .next()
        .map(|value| std::str::from_utf8(value.as_bytes()).unwrap_or_default());
    if values.next().is_some() {
        let message = format!("the header `{name}` must be there only once");
        return Err(RpcError::new(HEADER_MISMATCH, message));
    }
    Ok(value)
}

/// What a header can't carry as it is comes as `=?base64?...?=`.
fn decoded(value: &str) -> Option<String> {
    let inner = value
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="));
    match inner {
        None => Some(value.to_owned()),
        Some(inner) => String::from_utf8(BASE64_STANDARD.decode(inner).ok()?).ok(),
    }
}

fn unsupported(asked: &str) -> RpcError {
    let supported: Vec<_> = [PER_REQUEST].into_iter().chain(HANDSHAKE).collect();
    let message = format!(
        "unsupported protocol version; there are {}",
        supported.join(", ")
    );
    let data = json!({ "supported": supported, "requested": asked });
    RpcError::new(UNSUPPORTED_VERSION, message).data(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_header_can_carry_comes_encoded() {
        assert_eq!(decoded("python_coder").as_deref(), Some("python_coder"));
        assert_eq!(decoded("=?base64?w7w=?=").as_deref(), Some("ü"));
        assert_eq!(decoded("=?base64?%?="), None);
    }

    #[test]
    fn an_unknown_version_is_answered_with_the_newest() {
        assert_eq!(Revision::agree("2025-06-18"), "2025-06-18");
        assert_eq!(Revision::agree("2024-11-05"), "2025-11-25");
        assert_eq!(Revision::agree("2026-07-28"), "2025-11-25");
    }
}
