//! One request to a collector, on a connection of its own.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{HttpClient, HttpError};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::tls;

/// A collector that takes longer is given up, and the spans with it.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a collector says is short.
const MAX_ANSWER_BYTES: usize = 64 << 10;

/// A client whose requests are made on this runtime, whatever thread asks for them.
#[derive(Debug)]
pub(super) struct Client {
    handle: Handle,
    /// Since it last went well.
    has_complained: AtomicBool,
}

impl Client {
    /// On the runtime that this is called on.
    pub(super) fn here() -> Self {
        Self {
            handle: Handle::current(),
            has_complained: AtomicBool::new(false),
        }
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let uri = request.uri().clone();
        let sending = async { timeout(PATIENCE, send(request)).await };
        let sent = match self.handle.spawn(sending).await? {
            Ok(sent) => sent,
            Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs()).into()),
        };
        let why = match &sent {
            Ok(response) if response.status().is_success() => {
                self.has_complained.store(false, Relaxed);
                return sent;
            }
            Ok(response) => format!("status {}", response.status().as_u16()),
            Err(error) => error.to_string(),
        };
        // The exporter says nothing of it itself.
        if !self.has_complained.swap(true, Relaxed) {
            tracing::warn!("the python service's traces can't be sent to {uri}: {why}");
        }
        sent
    }
}

async fn send(mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let uri = request.uri().clone();
    let authority = uri.authority().ok_or("the collector's URL names no host")?;
    let is_secure = uri.scheme_str() == Some("https");
    let port = authority
        .port_u16()
        .unwrap_or(if is_secure { 443 } else { 80 });
    let host = authority.host();
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let stream: Box<dyn tls::Stream> = match is_secure {
        true => tls::secure(stream, tls::server_name(host)?).await?,
        false => Box::new(stream),
    };
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let value = authority.as_str().parse()?;
    request.headers_mut().insert(header::HOST, value);
    // Only a proxy is sent the whole address.
    let path = uri.path_and_query().cloned();
    *request.uri_mut() = path.map_or(Uri::from_static("/"), Uri::from);
    let response = sender.send_request(request.map(Full::new)).await?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MAX_ANSWER_BYTES).collect().await?;
    connection.abort();
    Ok(Response::from_parts(head, body.to_bytes()))
}
