//! Where messages go: to the application in this process, or to a server.

use anyhow::{Context as _, ensure};
use axum::body::Body;
use http::{HeaderValue, Request, Response, Uri, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use runtime::host::Host;
use runtime::tls::{self, Stream};
use tokio::net::TcpStream;

/// Whoever answers.
pub(super) enum Endpoint {
    /// This process. Nobody else can reach it.
    Here(Host),
    /// A server.
    There {
        url: Uri,
        authorization: Option<HeaderValue>,
    },
}

impl Endpoint {
    /// A server that runs already.
    pub(super) fn there(url: &Uri, token: Option<String>) -> anyhow::Result<Self> {
        let scheme = url.scheme_str();
        ensure!(
            matches!(scheme, Some("http" | "https")) && url.host().is_some(),
            "`--url` must be the address of a server, such as http://127.0.0.1:3000, not `{url}`"
        );
        let authorization = token.map(|token| {
            let mut value = HeaderValue::try_from(format!("Bearer {token}"))?;
            value.set_sensitive(true);
            anyhow::Ok(value)
        });
        let authorization = authorization.transpose();
        Ok(Self::There {
            url: url.clone(),
            authorization: authorization.context("`--token` can't be sent in a header")?,
        })
    }

    /// Sends a request, whose path is `/mcp`. Dropping the answer hangs up.
    pub(super) async fn send(&self, mut request: Request<Body>) -> anyhow::Result<Response<Body>> {
        let (url, authorization) = match self {
            Self::Here(host) => return Ok(host.handle(request).await),
            Self::There { url, authorization } => (url, authorization),
        };
        let authority = url.authority().context("the URL names a host")?.as_str();
        let headers = request.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_str(authority)?);
        if let Some(authorization) = authorization {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let stream = connect(url)
            .await
            .with_context(|| format!("can't reach {url}"))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the answer, or when the answer is dropped.
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?.map(Body::new))
    }
}

async fn connect(url: &Uri) -> anyhow::Result<Box<dyn Stream>> {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_tls = url.scheme_str() == Some("https");
    let port = url.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    if !is_tls {
        return Ok(Box::new(stream));
    }
    Ok(tls::secure(stream, tls::server_name(host)?).await?)
}
