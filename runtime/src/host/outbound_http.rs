//! What components send: to the application's own parts without a socket, and to other hosts
//! where the manifest allows it.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, Weak};

use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use tokio::time::timeout;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use super::body::to_wasi;
use super::http_client::{self, DEFAULT_TIMEOUT};
use super::network::{Answer, Network};
use super::outbound::{AllowedHost, Destination};
use super::reach::{self, Reach};

/// The way out of one component.
#[derive(Clone)]
pub(super) struct OutboundHttp {
    pub(super) component: Arc<str>,
    pub(super) allowed: Arc<[AllowedHost]>,
    pub(super) reach: Reach,
    /// Set when all components are loaded; weak, because the network holds the components.
    pub(super) network: Arc<OnceLock<Weak<Network>>>,
}

type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;
type Sent = Result<(http::Response<WasiBody>, Io), Error>;

impl WasiHttpHooks for OutboundHttp {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        options: Option<RequestOptions>,
        _response_read: Io,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let this = self.clone();
        Box::new(async move { this.send(request, options).await })
    }
}

impl OutboundHttp {
    async fn send(&self, request: Request<WasiBody>, options: Option<RequestOptions>) -> Sent {
        let destination = Destination::of(request.uri()).ok_or(Error::HttpRequestUriInvalid)?;
        if !self.allowed.iter().any(|entry| entry.allows(&destination)) {
            let entry = destination.as_entry();
            tracing::warn!(
                "component `{}` was kept from calling `{entry}`; to allow it, add \"{entry}\" to its `allowed_outbound_hosts` in spin.toml",
                self.component,
            );
            return Err(Error::HttpRequestDenied);
        }
        let mut request = request;
        if let Some(network) = self
            .network
            .get()
            .and_then(Weak::upgrade)
            .filter(|_| destination.scheme == "http")
        {
            match network
                .call(&destination.host, request.map(Body::new))
                .await
            {
                Ok(Answer::Response(response)) => {
                    return Ok((response.map(to_wasi), Box::new(async { Ok(()) })));
                }
                Ok(Answer::Nobody) => {
                    tracing::warn!(
                        "component `{}` called `{}`, which this application doesn't have",
                        self.component,
                        destination.host
                    );
                    return Err(Error::DestinationNotFound);
                }
                Err(returned) => request = returned.map(to_wasi),
            }
        }
        match &self.reach {
            Reach::Anywhere => {
                let (response, io) =
                    wasmtime_wasi_http::default_send_request(request, options).await?;
                Ok((response.map(BodyExt::boxed_unsync), Box::new(io)))
            }
            Reach::Private(template) => {
                let patience = options.and_then(|options| options.connect_timeout);
                let addresses = timeout(
                    patience.unwrap_or(DEFAULT_TIMEOUT),
                    self.near(&destination, template),
                )
                .await
                .map_err(|_| Error::DnsTimeout)??;
                http_client::send(request, options, &addresses).await
            }
            Reach::Unclear(template) => {
                tracing::warn!(
                    "component `{}` was kept from calling `{}`: `private_outbound = \"{template}\"` in spin.toml must come to `true` or `false`",
                    self.component,
                    destination.as_entry(),
                );
                Err(Error::HttpRequestDenied)
            }
        }
    }

    /// The destination's addresses on this machine and in private networks.
    async fn near(
        &self,
        destination: &Destination,
        template: &str,
    ) -> Result<Vec<SocketAddr>, Error> {
        let Destination { host, port, .. } = destination;
        let found = tokio::net::lookup_host(format!("{host}:{port}"))
            .await
            .map_err(Error::Connect)?;
        reach::near(found).map_err(|far| {
            let Some(address) = far else {
                return Error::DestinationNotFound;
            };
            tracing::warn!(
                "component `{}` was kept from calling `{}`: {address} is neither this machine's nor in a private network, \
                 and `private_outbound = \"{template}\"` in spin.toml is `true`",
                self.component,
                destination.as_entry(),
            );
            Error::HttpRequestDenied
        })
    }
}
