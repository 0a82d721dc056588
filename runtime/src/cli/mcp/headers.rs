//! What stands in headers when a message goes over HTTP: the session and the revision that were agreed upon, or, where
//! each request says all there is to know, what the request says.

use http::request::Builder;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;

const SESSION: &str = "mcp-session-id";
const VERSION: &str = "mcp-protocol-version";

/// What the answer to `initialize` said.
#[derive(Debug, Clone, Default)]
pub(super) struct Agreed {
    session: Option<HeaderValue>,
    version: Option<HeaderValue>,
}

impl Agreed {
    /// What the answer to `initialize` says.
    pub(super) fn of(headers: &HeaderMap, answer: &Value) -> Self {
        Self {
            session: headers.get(SESSION).cloned(),
            version: header(&answer["result"]["protocolVersion"]),
        }
    }

    /// A request that carries the message.
    pub(super) fn request(&self, message: &Value) -> Builder {
        let params = &message["params"];
        let named = header(&params["_meta"]["io.modelcontextprotocol/protocolVersion"]);
        let about = match named {
            None => vec![
                (SESSION, self.session.clone()),
                (VERSION, self.version.clone()),
            ],
            Some(named) => vec![
                (VERSION, Some(named)),
                ("mcp-method", header(&message["method"])),
                (
                    "mcp-name",
                    header(&params["name"]).or_else(|| header(&params["uri"])),
                ),
            ],
        };
        let request = http::Request::post("/mcp")
            .header(http::header::CONTENT_TYPE, "application/json")
            .header(http::header::ACCEPT, "application/json, text/event-stream");
        about
            .into_iter()
            .fold(request, |request, (name, value)| match value {
                Some(value) => request.header(name, value),
                None => request,
            })
    }
}

fn header(value: &Value) -> Option<HeaderValue> {
    HeaderValue::from_bytes(value.as_str()?.as_bytes()).ok()
}
