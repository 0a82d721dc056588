//! What comes before every route but health and the pages: settings that work, and a token if any is set, which says
//! whose the request is.

use std::sync::Arc;

use api::error::ErrorCode;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

use crate::app;
use crate::error::Refusal;
use crate::request;
use crate::routes::tool;
use crate::settings::Settings;
use crate::tenant::Tenant;

/// Where E2B's client has a token: asking for a sandbox, talking to one, and asking for its contexts.
const E2B_HEADERS: [&str; 3] = ["x-api-key", "x-access-token", "e2b-traffic-access-token"];

/// Lets a request pass with the settings and its tenant as extensions, or refuses it.
pub async fn guard(mut request: Request, next: Next) -> Response {
    match admit(request.headers()).await {
        Ok((settings, tenant)) => {
            let name = tenant.name().map(str::to_owned);
            request::note(|facts| facts.tenant = name);
            request.extensions_mut().insert(settings);
            request.extensions_mut().insert(tenant);
            next.run(request).await
        }
        // Agents parse one shape on their route, whatever happens.
        Err(refusal) if request.uri().path() == tool::PATH => tool::refuse(&refusal),
        Err(refusal) => refusal.into_response(),
    }
}

async fn admit(headers: &HeaderMap) -> Result<(Arc<Settings>, Tenant), Refusal> {
    let settings = app::settings()
        .await
        .map_err(|problems| Refusal::from(problems.as_slice()))?;
    let tenant = settings.tokens.owner(presented(headers));
    tenant.map(|tenant| (settings, tenant)).ok_or_else(|| {
        Refusal::new(ErrorCode::Unauthorized, "a valid token is needed")
            .hint("send the header `Authorization: Bearer <api_token>`")
            .header(header::WWW_AUTHENTICATE, "Bearer realm=\"vivarium\"")
    })
}

/// The token that a request comes with: as a bearer, or in a header of E2B's.
pub fn presented(headers: &HeaderMap) -> Option<&[u8]> {
    let in_header = |name| Some(headers.get(name)?.as_bytes());
    bearer(headers).or_else(|| E2B_HEADERS.into_iter().find_map(in_header))
}

/// The token of an `Authorization` header; the scheme's name has no case.
fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked("Bearer ".len())?;
    scheme
        .eq_ignore_ascii_case(b"Bearer ")
        .then(|| token.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_bearer_token_is_one() {
        let token = |value: &str| {
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
            bearer(&headers).map(<[u8]>::to_vec)
        };
        assert_eq!(token("Bearer abc"), Some(b"abc".to_vec()));
        assert_eq!(token("bearer  abc "), Some(b"abc".to_vec()));
        for other in ["Basic abc", "abc", "", "Bearer"] {
            assert_eq!(token(other), None, "{other}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}
