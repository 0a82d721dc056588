//! Whose a request is, and so which sessions it can be about.

use api::{SessionId, SessionKey, TenantName};
use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::error::Refusal;

/// Who asks: somebody whose token has a name, or whoever needs none. A handler takes it as an argument.
///
/// What is kept says whose it is ([`SessionKey`]), and a [`History`](crate::history::History) shows its tenant's alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tenant(Option<TenantName>);

impl Tenant {
    /// The tenant with this name.
    pub fn named(name: TenantName) -> Self {
        Self(Some(name))
    }

    /// The owner of a session.
    pub fn of(session: &SessionKey) -> Self {
        Self(session.tenant())
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.0.as_ref().map(TenantName::as_str)
    }

    /// What this tenant's session is kept as.
    pub fn session(&self, id: &SessionId) -> SessionKey {
        SessionKey::new(self.0.as_ref(), id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Tenant {
    type Rejection = Refusal;

    /// As [`guard`](crate::guard) found it.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| Refusal::internal(&"a route without its guard asks whose a request is"))
    }
}
