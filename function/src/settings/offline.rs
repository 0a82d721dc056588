//! Which servers are near: on this machine, or in a private network. Offline mode allows no others.
//!
//! Judged by what is written. A name that looks near may still be resolved to any address; that is for the host
//! to see, which makes the connection.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

/// What is said of a server that is not.
pub(super) const ALLOWED: &str =
    "on this machine or a private network, unless python_coder_openinterpreter_offline is 'false'";

/// What names end in that are given out inside networks and nowhere else: RFC 6761, RFC 6762, RFC 8375, ICANN's
/// reservation of `internal`, and what routers and Kubernetes use.
const NEAR_ENDS: [&str; 7] = [
    "localhost",
    "local",
    "lan",
    "internal",
    "home.arpa",
    "svc",
    "cluster.local",
];

/// Whether the host of this URL is near.
pub(super) fn is_near(url: &str) -> bool {
    let Ok(uri) = url.trim().parse::<Uri>() else {
        return false;
    };
    let (Some(_), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return false;
    };
    // Whoever writes a user into a URL may want another host to be read than is called.
    if authority.as_str().contains('@') {
        return false;
    }
    let host = authority.host();
    if let Some(literal) = host.strip_prefix('[') {
        let literal = literal.strip_suffix(']').unwrap_or(literal);
        return literal.parse().is_ok_and(is_near_v6);
    }
    match host.parse() {
        Ok(IpAddr::V4(address)) => is_near_v4(address),
        Ok(IpAddr::V6(_)) => false,
        Err(_) => is_near_name(host),
    }
}

fn is_near_name(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let labels: Vec<_> = name.split('.').collect();
    if !labels.iter().all(|label| is_label(label)) {
        return false;
    }
    // Resolvers take `2130706433`, `0x7f.1` and `010.0.0.1` for addresses, and not all for the same.
    if labels.last().is_none_or(|label| is_number(label)) {
        return false;
    }
    labels.len() == 1
        || NEAR_ENDS.iter().any(|end| {
            name.strip_suffix(end)
                .is_some_and(|rest| rest.ends_with('.'))
        })
}

fn is_label(label: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !label.is_empty() && label.chars().all(known)
}

/// As the URL standard has it of a host's last label.
fn is_number(label: &str) -> bool {
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let hexadecimal = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
    digits(label) || label.strip_prefix("0x").is_some_and(hexadecimal)
}

fn is_near_v4(address: Ipv4Addr) -> bool {
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_unspecified()
        || is_shared(address)
}

/// 100.64.0.0/10, RFC 6598: what providers use behind their own translation, and overlay networks.
fn is_shared(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    first == 100 && (64..128).contains(&second)
}

fn is_near_v6(address: Ipv6Addr) -> bool {
    match address.to_ipv4_mapped() {
        Some(address) => is_near_v4(address),
        None => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_hosts_are_near() {
        let hosts = [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "api.localhost",
            "ollama",
            "my-server_2",
            "server.local",
            "a.b.lan",
            "host.docker.internal",
            "python.spin.internal",
            "nas.home.arpa",
            "ollama.default.svc",
            "ollama.default.svc.cluster.local",
            "127.0.0.1",
            "127.255.255.255",
            "10.0.0.0",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.5",
            "169.254.0.1",
            "100.64.0.0",
            "100.127.255.255",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[fc00::1]",
            "[fdff:ffff::1]",
            "[fe80::1]",
            "[febf::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.1.2.3]",
        ];
        for host in hosts {
            assert!(is_near(&format!("http://{host}/v1")), "{host}");
            assert!(is_near(&format!("https://{host}:8443")), "{host}");
        }
    }

    #[test]
    fn all_others_are_not() {
        let hosts = [
            "api.openai.com",
            "example.com.",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "127.0.0.1.nip.io",
            "notlocalhost.com",
            "evil-local.com",
            "x.notlocal",
            "x.mylan",
            "arpa.home",
            "8.8.8.8",
            "126.255.255.255",
            "128.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "0.0.0.1",
            "255.255.255.255",
            "224.0.0.1",
            "2130706433",
            "134744072",
            "0x7f000001",
            "0x7f.1",
            "0X7F.1",
            "0x",
            "127.1",
            "127.0.1",
            "010.0.0.1",
            "0177.0.0.1",
            "127.0.0.01",
            "127.0.0.0x1",
            "127.0.0.1.",
            "10.0.0.256",
            "1.2.3.4.5",
            "server.127",
            "a..local",
            ".local",
            ".",
            "[2001:4860:4860::8888]",
            "[fbff::1]",
            "[fe00::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[::ffff:8.8.8.8]",
            "[::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[::2]",
            "[127.0.0.1]",
            "[localhost]",
            "::1",
            "user@localhost",
            "localhost@8.8.8.8",
            "local%68ost",
            "lоcalhost",
            "",
        ];
        for host in hosts {
            assert!(!is_near(&format!("http://{host}/v1")), "{host}");
        }
        for url in ["", "/v1", "localhost", "http://", "http:///v1"] {
            assert!(!is_near(url), "{url}");
        }
    }
}
