//! The host on a port: HTTP/1, and a stop that lets things finish.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use http::{HeaderName, HeaderValue, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::Host;
use super::body::Lingering;
use super::watching::until_stopped;

/// Connections at a time; the others wait to be accepted.
const MAX_CONNECTIONS: usize = 1024;
/// How long a connection may be without a request.
const IDLE_CONNECTION: Duration = Duration::from_secs(60);
/// How long requests may go on after the server was told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

const CLIENT_ADDRESS: HeaderName = HeaderName::from_static("spin-client-addr");
const FULL_URL: HeaderName = HeaderName::from_static("spin-full-url");

impl Host {
    /// Serves HTTP/1 until `shutdown` resolves, and then lets what runs go on for 10 s at most.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let connections = GracefulShutdown::new();
        let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let stopping = CancellationToken::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = accept(&listener, &room) => accepted,
            };
            match accepted {
                Ok((permit, stream, client)) => {
                    self.spawn(&connections, &stopping, permit, stream, client);
                }
                Err(error) => {
                    // Out of file descriptors, most likely: others must end first.
                    tracing::warn!("can't accept a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop(listener);
        stopping.cancel();
        let finished = async {
            connections.shutdown().await;
            self.0.load.idle().await;
        };
        if tokio::time::timeout(LAST_REQUESTS, finished).await.is_err() {
            tracing::warn!("stopped with requests still under way");
        }
        Ok(())
    }

    fn spawn(
        &self,
        connections: &GracefulShutdown,
        stopping: &CancellationToken,
        permit: OwnedSemaphorePermit,
        stream: TcpStream,
        client: SocketAddr,
    ) {
        // Events of a stream are small and must not wait for each other.
        _ = stream.set_nodelay(true);
        let host = self.clone();
        let stopping = stopping.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (host, stopping) = (host.clone(), stopping.clone());
            let method = request.method().clone();
            async move {
                let response = host.handle(introduce(request, client)).await;
                Ok::<_, Infallible>(until_stopped(&method, response, stopping))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(IDLE_CONNECTION)
            .serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended early: {error}");
            }
            drop(permit);
        });
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> io::Result<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let permit = Arc::clone(room)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, client) = listener.accept().await?;
    Ok((permit, stream, client))
}

/// Says, as Spin does, who asks for what; whatever the client says of it is dropped.
fn introduce(mut request: Request<Incoming>, client: SocketAddr) -> Request<Body> {
    let host = request
        .headers()
        .get(http::header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("localhost");
    let url = HeaderValue::from_str(&format!("http://{host}{}", request.uri()));
    let client = HeaderValue::from_str(&client.to_string());
    for (name, value) in [(FULL_URL, url), (CLIENT_ADDRESS, client)] {
        match value {
            Ok(value) => _ = request.headers_mut().insert(name, value),
            Err(_) => _ = request.headers_mut().remove(name),
        }
    }
    request.map(|body| Body::new(Lingering::new(body)))
}
