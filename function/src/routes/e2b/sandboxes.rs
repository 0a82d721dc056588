//! E2B's control API: `/sandboxes`.

use std::time::Duration;

use api::error::ErrorCode;
use api::filter::Filter;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use spin_sdk::time::sleep;

use super::sandbox;
use crate::e2b::order::{NewSandbox, NotHere};
use crate::e2b::sandbox::{Detail, Sandbox};
use crate::error::Refusal;
use crate::extract::{PageParam, SessionParam, Words};
use crate::guard::presented;
use crate::interrupted::open_history;
use crate::routes::{InForce, sessions, tool};
use crate::tenant::Tenant;

/// How often a sandbox in which something runs is looked at again before the client is told: for two seconds.
const KILL_TRIES: u32 = 40;
/// A run ends within twice this of its caller's hanging up.
const BETWEEN_KILLS: Duration = Duration::from_millis(50);

/// How a list may be cut down. Only the state is served, and it is always the same.
#[derive(Deserialize)]
pub(super) struct Cut {
    state: Option<String>,
    metadata: Option<String>,
    template: Option<String>,
    #[serde(rename = "startedAfter")]
    started_after: Option<String>,
    order: Option<String>,
}

/// `Sandbox.create()`.
pub(super) async fn create(
    tenant: Tenant,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let body = tool::whole(body).await?;
    let order: NewSandbox = super::execute::understand(&body)?;
    order.check()?;
    let id = sandbox::Sandbox::create(&tenant).await?;
    let created = Json(Sandbox::new(&id, token(&headers)));
    Ok((StatusCode::CREATED, created).into_response())
}

/// `Sandbox.connect()`: also to a session that never was asked for as a sandbox.
pub(super) async fn connect(
    SessionParam(id): SessionParam,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    match sandbox::Sandbox::find(id.clone()).await? {
        Some(_) => Ok(Json(Sandbox::new(&id, token(&headers))).into_response()),
        None => Err(sessions::missing(&id)),
    }
}

/// `Sandbox.get_info()`.
pub(super) async fn show(
    Extension(settings): InForce,
    SessionParam(id): SessionParam,
) -> Result<Response, Refusal> {
    match sandbox::Sandbox::find(id.clone()).await? {
        Some(found) => Ok(Json(Detail::new(&found.session, &settings)).into_response()),
        None => Err(sessions::missing(&id)),
    }
}

/// `Sandbox.set_timeout()`: it lasts as long as that, and longer.
pub(super) async fn keep(SessionParam(id): SessionParam) -> Result<StatusCode, Refusal> {
    match sandbox::Sandbox::find(id.clone()).await? {
        Some(_) => Ok(StatusCode::NO_CONTENT),
        None => Err(sessions::missing(&id)),
    }
}

/// `Sandbox.kill()`. Its client does so as soon as it has hung up on what ran there, and that takes a moment to end.
pub(super) async fn kill(
    Extension(settings): InForce,
    tenant: Tenant,
    SessionParam(id): SessionParam,
) -> Result<StatusCode, Refusal> {
    let mut asked = 0;
    loop {
        let (settings, id) = (Extension(settings.clone()), SessionParam(id.clone()));
        match sessions::delete(settings, tenant.clone(), id).await {
            Err(refusal) if refusal.body.code == ErrorCode::Conflict && asked < KILL_TRIES => {
                asked += 1;
                sleep(BETWEEN_KILLS).await;
            }
            killed => return killed,
        }
    }
}

/// `Sandbox.list()`: every session.
pub(super) async fn list(
    Extension(settings): InForce,
    tenant: Tenant,
    PageParam(page): PageParam,
    Words(cut): Words<Cut>,
) -> Result<Response, Refusal> {
    let unserved = [
        ("metadata", &cut.metadata),
        ("template", &cut.template),
        ("startedAfter", &cut.started_after),
        ("order", &cut.order),
    ];
    if let Some((name, _)) = unserved.iter().find(|(_, asked)| asked.is_some()) {
        let message = format!("sandboxes can't be listed by `{name}`");
        return Err(Refusal::new(ErrorCode::BadRequest, message));
    }
    if cut.state.is_some_and(|state| !state.contains("running")) {
        return Ok(Json([(); 0]).into_response());
    }
    let history = open_history(&settings, &tenant).await?;
    let page = history.sessions(&Filter::default(), &page).await?;
    let details: Vec<_> = page
        .items
        .iter()
        .map(|session| Detail::new(session, &settings))
        .collect();
    let next = page.next_cursor.map(|cursor| [("x-next-token", cursor)]);
    let list = Json(details);
    Ok(match next {
        Some(header) => (header, list).into_response(),
        None => list.into_response(),
    })
}

impl From<NotHere> for Refusal {
    fn from(missing: NotHere) -> Self {
        Self::new(ErrorCode::BadRequest, missing.to_string())
    }
}

/// What the client shows is what it is to show again: the SDK sends its key to the control API alone.
fn token(headers: &HeaderMap) -> Option<&str> {
    std::str::from_utf8(presented(headers)?).ok()
}
