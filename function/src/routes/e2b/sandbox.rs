//! Which sandbox a request is about: a session, named in a header on everything that a sandbox itself would answer.

use api::error::ErrorCode;
use api::history::Session;
use api::{SessionId, SessionKey};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::request::Parts;

use super::refusal::with_status;
use crate::clock::new_session_id;
use crate::error::Refusal;
use crate::history::{History, HistoryError};
use crate::routes::files::note_session;
use crate::tenant::Tenant;

/// The header.
const SANDBOX: &str = "e2b-sandbox-id";

/// A sandbox that is there.
pub(super) struct Sandbox {
    pub(super) id: SessionKey,
    pub(super) session: Session,
}

/// The sandbox that a request names, if it names one.
pub(super) struct Named(pub(super) Option<Sandbox>);

impl Sandbox {
    /// A new one.
    pub(super) async fn create(tenant: &Tenant) -> Result<SessionKey, HistoryError> {
        let id = tenant.session(&new_session_id());
        note_session(&id).await?;
        Ok(id)
    }

    /// The one of this name.
    pub(super) async fn find(id: SessionKey) -> Result<Option<Self>, HistoryError> {
        let session = History::open(&Tenant::of(&id)).await?.session(&id).await?;
        Ok(session.map(|session| Self { id, session }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Some(value) = parts.headers.get(SANDBOX) else {
            return Ok(Self(None));
        };
        let name = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let refused = |refusal: Refusal| refusal.into_response();
        let tenant = Tenant::from_request_parts(parts, state).await;
        let tenant = tenant.map_err(refused)?;
        let id = SessionId::parse(&name).map_err(|error| refused(error.into()))?;
        let found = Sandbox::find(tenant.session(&id)).await;
        match found.map_err(|error| refused(error.into()))? {
            Some(sandbox) => Ok(Self(Some(sandbox))),
            None => Err(gone(&name)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Sandbox {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Named(sandbox) = Named::from_request_parts(parts, state).await?;
        sandbox.ok_or_else(|| {
            let message = "no sandbox is named: send its id in the header `E2b-Sandbox-Id`";
            Refusal::new(ErrorCode::BadRequest, message).into_response()
        })
    }
}

/// As E2B's proxy says it: the SDK knows by the status and these words that a sandbox was killed.
fn gone(id: &str) -> Response {
    let message = format!("the sandbox `{}` was not found", id.escape_debug());
    let refusal = Refusal::new(ErrorCode::NotFound, message);
    with_status(refusal, StatusCode::BAD_GATEWAY)
}
