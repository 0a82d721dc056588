//! `private_outbound`: how far a component's connections may go.
//!
//! `allowed_outbound_hosts` is about names; this is about the addresses that they stand for.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Which addresses a component may connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    Anywhere,
    /// This machine and private networks. Holds the setting's template.
    Private(Arc<str>),
    /// Nothing: what the setting comes to can't be understood. Holds its template.
    Unclear(Arc<str>),
}

impl Reach {
    /// Takes it from a manifest's template and what that comes to.
    pub(super) fn of(template: &str, value: &str) -> Self {
        match value {
            "false" => Self::Anywhere,
            "true" => Self::Private(template.into()),
            // Not refused at the start, so that the component, whose setting it most likely is as well,
            // can name it beside all else that is wrong.
            _ => Self::Unclear(template.into()),
        }
    }
}

/// Those addresses of a name that are near, or the one that shows that it has none.
pub(super) fn near(
    addresses: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, Option<IpAddr>> {
    let (near, far): (Vec<_>, Vec<_>) = addresses.partition(|address| is_near(address.ip()));
    match far.first() {
        Some(far) if near.is_empty() => Err(Some(far.ip())),
        None if near.is_empty() => Err(None),
        _ => Ok(near),
    }
}

/// Whether an address is on this machine, on its links, or in a network that nobody routes to from outside.
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            // RFC 6598, behind a carrier's NAT, and where overlay networks give out addresses.
            let is_shared = a == 100 && b & 0xc0 == 64;
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || is_shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn all(are_near: bool, addresses: &[&str]) {
        for address in addresses {
            assert_eq!(is_near(address.parse().unwrap()), are_near, "{address}");
        }
    }

    #[test]
    fn loopback_private_and_link_local_addresses_are_near() {
        all(true, &["127.0.0.1", "127.255.255.255", "::1"]);
        all(true, &["10.0.0.0", "10.255.255.255"]);
        all(true, &["172.16.0.0", "172.31.255.255"]);
        all(true, &["192.168.0.0", "192.168.255.255"]);
        all(true, &["169.254.0.0", "169.254.255.255"]);
        all(true, &["100.64.0.0", "100.127.255.255"]);
        all(true, &["fc00::", "fdff:ffff::1", "fe80::", "febf:ffff::1"]);
        all(true, &["::ffff:127.0.0.1", "::ffff:10.1.2.3"]);
    }

    #[test]
    fn their_neighbours_and_all_others_are_not() {
        all(false, &["126.255.255.255", "128.0.0.0", "::2"]);
        all(false, &["9.255.255.255", "11.0.0.0"]);
        all(false, &["172.15.255.255", "172.32.0.0"]);
        all(false, &["192.167.255.255", "192.169.0.0"]);
        all(false, &["169.253.255.255", "169.255.0.0"]);
        all(false, &["100.63.255.255", "100.128.0.0"]);
        all(false, &["fbff:ffff::1", "fe00::", "fec0::", "2001:db8::1"]);
        all(false, &["::ffff:1.1.1.1", "::ffff:100.128.0.0"]);
        // An address of IPv4 in a form that is not the mapped one is routed elsewhere.
        all(false, &["::127.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::"]);
        all(false, &["0.0.0.0", "::", "255.255.255.255", "224.0.0.1"]);
    }

    #[test]
    fn of_a_names_addresses_only_the_near_ones_are_taken() {
        let [near_one, far_one] =
            ["10.0.0.1:80", "1.1.1.1:80"].map(|address| address.parse::<SocketAddr>().unwrap());
        assert_eq!(near([far_one, near_one].into_iter()), Ok(vec![near_one]));
        assert_eq!(near([far_one].into_iter()), Err(Some(far_one.ip())));
        assert_eq!(near([].into_iter()), Err(None));
    }

    #[test]
    fn only_true_and_false_are_understood() {
        assert_eq!(Reach::of("t", "false"), Reach::Anywhere);
        assert_eq!(Reach::of("t", "true"), Reach::Private("t".into()));
        for value in ["", "yes", "True", "1", " true"] {
            assert_eq!(Reach::of("t", value), Reach::Unclear("t".into()), "{value}");
        }
    }
}
