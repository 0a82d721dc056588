//! What can be asked.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use serde_json::{Value, json};

use super::message::{METHOD_NOT_FOUND, Request, RpcError};
use super::revision::Revision;
use super::{Caller, SESSION, call, complete, inner, resources, tools};

/// For the model, beside the tool's own description.
const INSTRUCTIONS: &str = "Runs Python in a sandbox. Programs of one session share its files: each answer says its \
    session_id, and the files are resources, vivarium://sessions/{session_id}/files/{path}.";

/// Answers a request.
pub(super) async fn answer(caller: &Caller, request: Request) -> Result<Response, RpcError> {
    let result = match (request.method.as_str(), caller.revision) {
        (call::METHOD, _) => return call::call(caller, request).await,
        ("initialize", Revision::Handshake(_)) => return initialize(caller, &request),
        ("server/discover", Revision::PerRequest) => discover(),
        ("ping", _) => json!({}),
        ("tools/list", _) => {
            let schema = inner::schema(&caller.settings).await?;
            json!({ "tools": tools::definitions(schema) })
        }
        ("resources/list", _) => resources::list(caller, &request).await?,
        ("resources/templates/list", _) => resources::templates(),
        ("resources/read", _) => resources::read(caller, &request).await?,
        (other, _) => {
            let message = format!("there is no method `{}`", other.escape_debug());
            return Err(RpcError::new(METHOD_NOT_FOUND, message));
        }
    };
    Ok(Json(complete(caller.revision, &request, result)).into_response())
}

/// Who we are.
pub(super) fn server_info() -> Value {
    json!({ "name": "vivarium", "title": "Vivarium", "version": env!("CARGO_PKG_VERSION") })
}

fn capabilities() -> Value {
    json!({ "tools": {}, "resources": {} })
}

/// Gives the client a session, of which nothing is kept until something runs in it.
fn initialize(caller: &Caller, request: &Request) -> Result<Response, RpcError> {
    let result = json!({
        "protocolVersion": Revision::agree(request.text("protocolVersion")?),
        "capabilities": capabilities(),
        "serverInfo": server_info(),
        "instructions": INSTRUCTIONS,
    });
    let mut response = Json(complete(caller.revision, request, result)).into_response();
    let session = inner::new_session();
    let session = HeaderValue::from_str(session.as_str()).expect("a session id is plain ASCII");
    response.headers_mut().insert(SESSION, session);
    Ok(response)
}

fn discover() -> Value {
    json!({
        "supportedVersions": Revision::discoverable(),
        "capabilities": capabilities(),
        "instructions": INSTRUCTIONS,
    })
}
