//! Who answers under a name inside the application: its components, and services of the host.

use std::collections::HashMap;

use api::error::{ErrorBody, ErrorCode};
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Request, header};
use tokio::sync::watch;
use tower_service::Service as _;
use wasmtime_wasi_http::handler::{ProxyHandler, TrapOrPanicError};

use super::body::{from_wasi, to_wasi};
use super::threads::spawning_on;
use super::worker::{Caller, Workers};

/// The queue for a component moves with each request.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");
/// What Spin puts behind a component's name to make an address of it.
const DOMAIN: &str = ".spin.internal";

/// Everything that can be called without a socket.
pub(super) struct Network {
    /// By component.
    pub(super) components: HashMap<String, ProxyHandler<Workers>>,
    /// By authority. A component of that name goes before it.
    pub(super) services: HashMap<String, Router>,
}

impl Network {
    /// Answers a request to a name inside the application; gives one to anybody else back.
    pub(super) async fn call(
        &self,
        host: &str,
        request: Request<Body>,
    ) -> Result<Answer, Request<Body>> {
        let component = host
            .strip_suffix(DOMAIN)
            .and_then(|name| self.components.get(name));
        if let Some(component) = component {
            return Ok(Answer::Response(handle(component, request).await));
        }
        if let Some(service) = self.services.get(host) {
            let Ok(response) = service.clone().call(request).await;
            return Ok(Answer::Response(response));
        }
        // Nobody outside is to be asked who this might be.
        if host.ends_with(DOMAIN) {
            Ok(Answer::Nobody)
        } else {
            Err(request)
        }
    }
}

/// What comes of a call inside the application.
pub(super) enum Answer {
    Response(Response),
    /// The application has no such part.
    Nobody,
}

/// Has a component answer a request.
pub(super) async fn handle(component: &ProxyHandler<Workers>, request: Request<Body>) -> Response {
    // Dropped when the caller hangs up, be it before the response or while its body is on its way.
    let (caller, gone) = watch::channel(false);
    let workers = component.state();
    let place = match &workers.places {
        None => None,
        Some(places) => match places.take().await {
            Some(place) => Some(place),
            None => {
                let error = format!(
                    "as many requests wait for component `{}` as may",
                    workers.name()
                );
                return refuse(ErrorBody::new(ErrorCode::Busy, error).hint("try again later"));
            }
        },
    };
    let answer = component.handle(Caller { gone, place }, request.map(to_wasi));
    match spawning_on(&workers.runtime, answer).await {
        Ok(response) => response.map(|body| from_wasi(body, caller)),
        Err(error) => {
            caller.send_replace(true);
            // Of a trap the worker has said more already.
            if !error.is::<TrapOrPanicError>() {
                tracing::error!(
                    component = component.state().name(),
                    "no response: {error:#}"
                );
            }
            refuse(ErrorBody::new(
                ErrorCode::Internal,
                "the request could not be handled; the server's log has more",
            ))
        }
    }
}

/// A response of the host's own.
pub(super) fn refuse(body: ErrorBody) -> Response {
    let status = http::StatusCode::from_u16(body.code.status())
        .unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let busy = body.code == ErrorCode::Busy;
    let mut response = (status, axum::Json(body)).into_response();
    if busy {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
    }
    response
}
