//! Where a server listens, and who may reach it there.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

/// Whether whoever reaches the server may use it.
#[derive(clap::Args)]
pub(crate) struct AnonymousArgs {
    /// Let anybody who can reach the address run code, without a token
    #[arg(long)]
    allow_anonymous: bool,
}

impl AnonymousArgs {
    /// Whether nobody is to be let in at this address but with a token: others than this machine's can reach it.
    pub(crate) fn need_token(&self, address: SocketAddr) -> bool {
        !self.allow_anonymous && !address.ip().to_canonical().is_loopback()
    }

    /// Why nothing is served at such an address; `instead` is what would do beside the flag.
    pub(crate) fn refusal(address: SocketAddr, instead: &str) -> anyhow::Error {
        anyhow::anyhow!(
            "whoever can reach {address} could run code, since no token is needed there\n\
             hint: {instead}, or give `--allow-anonymous` if nobody can reach it who should not"
        )
    }
}

/// Listens, or says what is in the way.
pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {} on {} is in use\nhint: stop what listens there, or choose another with `--listen {}:PORT`",
            address.port(), address.ip(), address.ip()
        ),
        _ => anyhow::Error::new(error).context(format!("can't listen on `{address}`")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_needs_no_token() {
        let needs = |address: &str, allow_anonymous| {
            AnonymousArgs { allow_anonymous }.need_token(address.parse().unwrap())
        };
        for near in [
            "127.0.0.1:1",
            "127.9.9.9:1",
            "[::1]:1",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(!needs(near, false), "{near}");
        }
        for far in [
            "0.0.0.0:1",
            "[::]:1",
            "10.0.0.1:1",
            "[::ffff:10.0.0.1]:1",
            "[fd00::1]:1",
        ] {
            assert!(needs(far, false), "{far}");
            assert!(!needs(far, true), "{far}");
        }
    }
}
