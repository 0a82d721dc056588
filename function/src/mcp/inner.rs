//! All that the protocol asks of the rest of the function, in one place.

use std::sync::Arc;

use api::error::ErrorCode;
use api::files::FilePage;
use api::tool::FunctionSchema;
use api::{SessionId, SessionKey, WorkspacePath};
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, header};
use serde_json::Value;

use crate::call::Call;
use crate::clock::{Beginning, new_execution_id, new_session_id, now_ms};
use crate::cursor::PageQuery;
use crate::error::Refusal;
use crate::history::{History, HistoryError};
use crate::python::PythonService;
use crate::routes::tool::{Underway, underway};
use crate::routes::{files, tools};
use crate::settings::Settings;
use crate::tenant::Tenant;
use crate::trace::Parent;

/// A call that has begun.
pub(super) struct Begun {
    /// Milliseconds since 1970.
    pub(super) at: i64,
    pub(super) underway: Underway,
}

/// Begins what `POST /api/tools/python_coder` would, in the given session unless the arguments name one.
pub(super) async fn start(
    settings: &Arc<Settings>,
    tenant: &Tenant,
    arguments: &Value,
    session: Option<&SessionKey>,
    parent: &Parent,
) -> Result<Begun, Refusal> {
    let beginning = Beginning::now();
    let arguments = serde_json::to_vec(arguments).expect("a value is JSON");
    let known = session.and_then(|session| SessionId::parse(session.id()).ok());
    let default = || known.unwrap_or_else(new_session_id);
    let call = Call::parse(&arguments, settings, tenant, new_execution_id, default)?;
    Ok(Begun {
        at: beginning.at,
        underway: underway(settings.clone(), call.within(parent.clone()), beginning).await,
    })
}

/// The tool, as `GET /api/tools` has it.
pub(super) async fn schema(settings: &Settings) -> Result<FunctionSchema, Refusal> {
    tools::schema(settings).await
}

/// A session that nobody else has.
pub(super) fn new_session() -> SessionId {
    new_session_id()
}

/// A page of a session's files.
pub(super) async fn files(
    settings: &Settings,
    session: &SessionKey,
    cursor: Option<String>,
) -> Result<FilePage, Refusal> {
    let page = PageQuery::at(cursor).parse()?;
    match files::page_of(settings, session, &page).await {
        // A session in which nothing ran yet is one all the same.
        Err(refusal) if refusal.body.code == ErrorCode::NotFound => Ok(FilePage::default()),
        page => page,
    }
}

/// A file with its media type, if it is no larger than `max_bytes`.
pub(super) async fn read(
    settings: &Settings,
    session: &SessionKey,
    path: &WorkspacePath,
    max_bytes: usize,
) -> Result<(String, Bytes), Refusal> {
    let service = PythonService::new(&settings.python_url);
    let get = service.file(Method::GET, session, path, Body::empty(), |request| request);
    let response = service.accepted(get.await?).await?;
    let media_type = text(response.headers(), &header::CONTENT_TYPE).to_owned();
    let size: usize = text(response.headers(), &header::CONTENT_LENGTH)
        .parse()
        .unwrap_or(0);
    if size > max_bytes {
        return Err(Refusal::new(
            ErrorCode::TooLarge,
            format!("the file has {size} bytes, more than the {max_bytes} that a resource may have"),
        )
        .hint(format!(
            "fetch it with GET /api/sessions/{}/files/{path}, or have a program read the part that is needed",
            session.id()
        )));
    }
    Ok((media_type, service.bytes(response, max_bytes).await?))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// Records that nobody waits for a request any more.
pub(super) async fn call_off(session: &SessionKey, request_id: &str) -> Result<(), HistoryError> {
    let history = History::open(&Tenant::of(session)).await?;
    history.call_off(session, request_id, now_ms()).await
}

/// Whether that has been recorded since the request came.
pub(super) async fn is_called_off(
    session: &SessionKey,
    request_id: &str,
    since: i64,
) -> Result<bool, HistoryError> {
    let history = History::open(&Tenant::of(session)).await?;
    history.is_called_off(session, request_id, since).await
}
