//! Sends a request to an address that has been chosen already.
//!
//! wasmtime's own client resolves names itself, and so might connect to another address than the one
//! that was looked at. But for that, this does the same.

use std::net::SocketAddr;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::FusedFuture as _;
use futures::stream::unfold;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody};

use crate::tls::{self, Stream};

/// As in wasmtime's client, where a component sets none.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(600);

/// What drives a connection while its response is read.
type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;

/// Connects to the first of `addresses` that accepts, and gives the response as soon as its head is there.
pub(super) async fn send(
    mut request: Request<WasiBody>,
    options: Option<RequestOptions>,
    addresses: &[SocketAddr],
) -> Result<(Response<WasiBody>, Io), Error> {
    let options = options.unwrap_or_default();
    let connecting = connect(request.uri(), addresses);
    let stream = timeout(
        options.connect_timeout.unwrap_or(DEFAULT_TIMEOUT),
        connecting,
    )
    .await
    .map_err(|_| Error::ConnectionTimeout)??;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let mut connection = Box::pin(connection.fuse());
    // Only a proxy is sent the whole address.
    *request.uri_mut() = match request.uri().path_and_query() {
        Some(path) => Uri::from(path.clone()),
        None => Uri::from_static("/"),
    };
    let first_byte = options.first_byte_timeout.unwrap_or(DEFAULT_TIMEOUT);
    let mut sending = Box::pin(timeout(first_byte, sender.send_request(request)));
    let response = tokio::select! {
        biased;
        response = &mut sending => response,
        ended = &mut connection => {
            ended?;
            sending.await
        }
    };
    let response = response.map_err(|_| Error::ConnectionReadTimeout)??;
    let between_bytes = options.between_bytes_timeout.unwrap_or(DEFAULT_TIMEOUT);
    let io = async move {
        if !connection.is_terminated() {
            connection.await?;
        }
        Ok(())
    };
    Ok((
        response.map(|body| impatient(body, between_bytes)),
        Box::new(io),
    ))
}

async fn connect(uri: &Uri, addresses: &[SocketAddr]) -> Result<Box<dyn Stream>, Error> {
    let stream = TcpStream::connect(addresses)
        .await
        .map_err(Error::Connect)?;
    if uri.scheme_str() != Some("https") {
        return Ok(Box::new(stream));
    }
    let name = tls::server_name(uri.host().unwrap_or_default())?;
    tls::secure(stream, name).await.map_err(Error::Tls)
}

/// The same body, which fails when nothing comes for too long.
fn impatient(body: Incoming, patience: Duration) -> WasiBody {
    let frames = unfold(body, move |mut body| async move {
        let frame = match timeout(patience, body.frame()).await {
            Ok(frame) => frame?.map_err(Error::from),
            Err(_) => Err(Error::ConnectionReadTimeout),
        };
        Some((frame, body))
    });
    StreamBody::new(Box::pin(frames)).boxed_unsync()
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::host::body::to_wasi;

    /// Sends to a server that answers every connection with these bytes and keeps it open, or closes it.
    async fn sent_to(
        answer: &'static str,
        keeps_open: bool,
        uri: &str,
    ) -> Result<(Response<WasiBody>, Io), Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 1024];
            _ = stream.read(&mut head).await;
            stream.write_all(answer.as_bytes()).await.unwrap();
            if keeps_open {
                std::future::pending::<()>().await;
            }
        });
        let request = Request::get(uri).body(to_wasi(axum::body::Body::empty()));
        let options = RequestOptions {
            between_bytes_timeout: Some(Duration::from_millis(100)),
            ..RequestOptions::default()
        };
        send(request.unwrap(), Some(options), &[address]).await
    }

    /// Reads a body as its component would, with the connection driven beside it.
    async fn read((response, io): (Response<WasiBody>, Io)) -> Result<String, Error> {
        tokio::spawn(Box::into_pin(io));
        let body = response.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_name_in_the_address_is_not_looked_up() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
        for keeps_open in [true, false] {
            let sent = sent_to(answer, keeps_open, "http://no-such-name.invalid/x").await;
            assert_eq!(read(sent.unwrap()).await.unwrap(), "hi");
        }
    }

    #[tokio::test]
    async fn a_body_that_stops_coming_is_given_up() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi";
        let sent = sent_to(answer, true, "http://a.invalid/").await.unwrap();
        let error = read(sent).await.unwrap_err();
        assert!(matches!(error, Error::ConnectionReadTimeout), "{error:?}");
    }

    #[tokio::test]
    async fn https_is_not_spoken_in_the_clear() {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
        let error = match sent_to(answer, true, "https://a.invalid/").await {
            Ok(_) => panic!("it was answered"),
            Err(error) => error,
        };
        assert!(matches!(error, Error::Tls(_)), "{error:?}");
    }
}
