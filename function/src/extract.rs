//! What handlers take from a request's line, refused in our own shape where it is not what it should be.

use api::error::ErrorCode;
use api::filter::Filter;
use api::{ExecutionId, SessionId, SessionKey, WorkspacePath};
use axum::extract::{FromRequestParts, Path, Query};
use http::request::Parts;
use serde::de::DeserializeOwned;

use crate::cursor::{PageQuery, PageRequest};
use crate::error::Refusal;
use crate::filter::FilterQuery;
use crate::tenant::Tenant;

/// `{id}` of a session's route: the caller's own session of that name.
pub struct SessionParam(pub SessionKey);

/// `{id}` of an execution's route.
pub struct ExecutionParam(pub ExecutionId);

/// `{id}` and `{*path}` of a file's route.
pub struct FileParam(pub SessionKey, pub WorkspacePath);

/// `?limit=&cursor=` of a list.
pub struct PageParam(pub PageRequest);

/// `?q=&session_id=&mode=&status=&since=&until=` of a list.
pub struct FilterParam(pub Filter);

/// Other words behind the `?`, each of which may be missing.
pub struct Words<T>(pub T);

impl<S: Send + Sync> FromRequestParts<S> for SessionParam {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let id: String = path(parts, state).await?;
        Ok(Self(session(parts, state, &id).await?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ExecutionParam {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let id: String = path(parts, state).await?;
        Ok(Self(ExecutionId::parse(&id)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for FileParam {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let (id, file): (String, String) = path(parts, state).await?;
        let session = session(parts, state, &id).await?;
        Ok(Self(session, WorkspacePath::parse(&file)?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PageParam {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(Self(query::<PageQuery>(parts)?.parse()?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for FilterParam {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Ok(Self(query::<FilterQuery>(parts)?.parse()?))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Words<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        query(parts).map(Self)
    }
}

async fn session<S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
    id: &str,
) -> Result<SessionKey, Refusal> {
    let tenant = Tenant::from_request_parts(parts, state).await?;
    Ok(tenant.session(&SessionId::parse(id)?))
}

fn query<T: DeserializeOwned>(parts: &Parts) -> Result<T, Refusal> {
    Query::try_from_uri(&parts.uri)
        .map(|Query(words)| words)
        .map_err(|rejection| Refusal::new(ErrorCode::BadRequest, rejection.body_text()))
}

async fn path<T: DeserializeOwned + Send, S: Send + Sync>(
    parts: &mut Parts,
    state: &S,
) -> Result<T, Refusal> {
    let Path(path) = Path::from_request_parts(parts, state)
        .await
        .map_err(|rejection| Refusal::new(ErrorCode::BadRequest, rejection.body_text()))?;
    Ok(path)
}
