//! `allowed_outbound_hosts`: which hosts a component may call.

/// One entry: `scheme://host[:port]`, each of which may be `*`, and the host also `*.domain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AllowedHost {
    scheme: Option<String>,
    host: HostPattern,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostPattern {
    Any,
    /// With the leading dot.
    Subdomain(String),
    Exactly(String),
}

impl AllowedHost {
    /// Parses an entry; the error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let bad = |problem: &str| format!("`{text}` in `allowed_outbound_hosts` {problem}");
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| bad("has no scheme; write `https://host`, or `*://host`"))?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '{', '}']) {
            return Err(bad(
                "must be `scheme://host:port`, without a path, a list or a network range",
            ));
        }
        let (host, port) = split_port(rest);
        let scheme = (scheme != "*").then(|| scheme.to_ascii_lowercase());
        let port = match port {
            Some("*") => None,
            Some(port) => Some(
                port.parse()
                    .map_err(|_| bad("has a port that is neither a number nor `*`"))?,
            ),
            None => {
                let known = scheme.as_deref().and_then(default_port);
                Some(known.ok_or_else(|| bad("needs a port, such as `:*`"))?)
            }
        };
        let host = match host {
            "*" => HostPattern::Any,
            "" => return Err(bad("has no host")),
            "self" => {
                return Err(bad(
                    "is relative, which this host doesn't know; run this application with `spin up`",
                ));
            }
            host => match host.strip_prefix("*.") {
                Some(domain) if !domain.contains('*') => {
                    HostPattern::Subdomain(format!(".{}", domain.to_ascii_lowercase()))
                }
                None if !host.contains('*') => HostPattern::Exactly(host.to_ascii_lowercase()),
                _ => return Err(bad("may have `*` only as its first part")),
            },
        };
        Ok(Self { scheme, host, port })
    }

    /// Whether it covers a call.
    pub(super) fn allows(&self, destination: &Destination) -> bool {
        let Destination { scheme, host, port } = destination;
        self.scheme.as_ref().is_none_or(|allowed| allowed == scheme)
            && self.port.is_none_or(|allowed| allowed == *port)
            && match &self.host {
                HostPattern::Any => true,
                HostPattern::Subdomain(suffix) => host.ends_with(suffix),
                HostPattern::Exactly(allowed) => allowed == host,
            }
    }
}

/// Where a component wants to call: scheme and host in lower case, and the port also where it is implied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) scheme: String,
    pub(super) host: String,
    pub(super) port: u16,
}

impl Destination {
    /// Takes it from an absolute address.
    pub(super) fn of(uri: &http::Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let port = uri.port_u16().or_else(|| default_port(&scheme))?;
        // A dot at the end means the same name to a resolver, and must here.
        let host = uri.host()?.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host).to_owned();
        Some(Self { scheme, host, port })
    }

    /// The entry of `allowed_outbound_hosts` that would allow it.
    pub(super) fn as_entry(&self) -> String {
        let Self { scheme, host, port } = self;
        if default_port(scheme) == Some(*port) {
            format!("{scheme}://{host}")
        } else {
            format!("{scheme}://{host}:{port}")
        }
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// Splits `host:port`, minding that an IPv6 address has colons of its own.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(entry: &str, uri: &str) -> bool {
        AllowedHost::parse(entry)
            .unwrap()
            .allows(&Destination::of(&uri.parse().unwrap()).unwrap())
    }

    #[test]
    fn an_entry_allows_itself_and_no_neighbour() {
        assert!(allows("https://example.com", "https://example.com/x"));
        assert!(allows("https://example.com", "HTTPS://EXAMPLE.COM.:443/x"));
        assert!(!allows("https://example.com", "http://example.com/"));
        assert!(!allows("https://example.com", "https://example.com:8443/"));
        assert!(!allows("https://example.com", "https://www.example.com/"));
        assert!(!allows(
            "https://example.com",
            "https://example.com.evil.org/"
        ));
        assert!(allows("http://127.0.0.1:8080", "http://127.0.0.1:8080/"));
        assert!(allows("http://[::1]:8080", "http://[::1]:8080/"));
        assert!(allows("http://[::1]", "http://[::1]/"));
    }

    #[test]
    fn a_star_allows_any_of_its_part() {
        assert!(allows("http://*:*", "http://10.0.0.1:81/"));
        assert!(!allows("http://*:*", "https://10.0.0.1:81/"));
        assert!(!allows("http://*", "http://10.0.0.1:81/"));
        assert!(allows("*://example.com:*", "https://example.com:9/"));
        assert!(allows(
            "http://*.spin.internal",
            "http://python.spin.internal/v1"
        ));
        assert!(!allows("http://*.spin.internal", "http://spin.internal/"));
        assert!(!allows(
            "http://*.spin.internal",
            "http://evilspin.internal/"
        ));
    }

    #[test]
    fn userinfo_is_not_the_host() {
        assert!(!allows(
            "https://example.com",
            "https://example.com@evil.org/"
        ));
        assert!(allows(
            "https://example.com",
            "https://evil.org@example.com/"
        ));
    }

    #[test]
    fn a_refusal_names_the_entry_that_is_missing() {
        let entry = |uri: &str| Destination::of(&uri.parse().unwrap()).unwrap().as_entry();
        assert_eq!(entry("https://example.com/x"), "https://example.com");
        assert_eq!(entry("http://example.com:81/x"), "http://example.com:81");
    }

    #[test]
    fn bad_entries_are_refused() {
        for entry in [
            "*",
            "example.com",
            "https://",
            "https://a/b",
            "https://a.*",
            "https://*.*.a",
            "*://a",
            "https://a:x",
            "http://self",
            "http://10.0.0.0/8",
        ] {
            let error = AllowedHost::parse(entry).unwrap_err();
            assert!(error.contains(entry), "{error}");
        }
    }
}
