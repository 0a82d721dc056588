//! Whose sessions are: tenants have names, and what is kept of a session says whose it is.

use std::fmt;

use crate::ids::{InvalidId, SessionId, quoted};

/// Between a tenant's name and a session's id: neither can hold it.
const SEPARATOR: char = '~';

/// A tenant's name: 1 to 32 of `a-z 0-9 -`, beginning with a letter or digit. It begins the names of folders.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantName(String);

impl TenantName {
    /// The most characters a name may have.
    pub const MAX_LENGTH: usize = 32;

    /// Parses a name; the error says what one looks like.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let allowed = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
        let valid = (1..=Self::MAX_LENGTH).contains(&text.len())
            && !text.starts_with('-')
            && text.bytes().all(allowed);
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId::new(format!(
                "invalid tenant {}: it must be 1 to 32 of `a-z 0-9 -`, beginning with a letter or digit",
                quoted(text)
            )))
        }
    }

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A session as it is kept, by the history and as a folder's name: its id, or `NAME~ID` if it is a tenant's.
///
/// Made of what a caller says and of the caller's token, so that no caller can name another's session. It can't be
/// shown by accident, since it has no `Display`: whoever asks for a session is told its [`id`](Self::id).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SessionKey(String);

impl SessionKey {
    /// A session of a tenant, or of those without a name.
    pub fn new(tenant: Option<&TenantName>, id: &SessionId) -> Self {
        Self(match tenant {
            Some(tenant) => format!("{tenant}{SEPARATOR}{id}"),
            None => id.to_string(),
        })
    }

    /// Parses what is kept.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let id = match text.split_once(SEPARATOR) {
            Some((tenant, id)) => TenantName::parse(tenant).map(|_| id)?,
            None => text,
        };
        SessionId::parse(id).map(|_| Self(text.to_owned()))
    }

    /// All of it: what is kept, and not told to any caller.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What its owner calls it.
    pub fn id(&self) -> &str {
        self.parts().1
    }

    /// Whose it is; none where its owner has no name.
    pub fn tenant(&self) -> Option<TenantName> {
        self.parts().0.map(|name| TenantName(name.to_owned()))
    }

    fn parts(&self) -> (Option<&str>, &str) {
        match self.0.split_once(SEPARATOR) {
            Some((tenant, id)) => (Some(tenant), id),
            None => (None, &self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_whose_a_session_is() {
        let (name, id) = (
            TenantName::parse("acme").unwrap(),
            SessionId::parse("a.b").unwrap(),
        );
        let key = SessionKey::new(Some(&name), &id);
        assert_eq!((key.as_str(), key.id()), ("acme~a.b", "a.b"));
        assert_eq!(key.tenant(), Some(name));
        assert_eq!(SessionKey::parse(key.as_str()), Ok(key));
        let unnamed = SessionKey::new(None, &id);
        assert_eq!((unnamed.as_str(), unnamed.tenant()), ("a.b", None));
        assert_eq!(SessionKey::parse("a.b"), Ok(unnamed));
    }

    #[test]
    fn a_key_is_a_folder_name_and_nothing_else() {
        let longest = format!("{}~{}", "n".repeat(32), "i".repeat(64));
        assert!(SessionKey::parse(&longest).is_ok());
        for bad in [
            "", "~", "a~", "~a", "a~b~c", "A~b", "..~b", "a~..", "a~.b", "a/b~c", "a~b/c", "-a~b",
            "a ~b",
        ] {
            assert!(SessionKey::parse(bad).is_err(), "{bad:?}");
        }
        assert!(SessionKey::parse(&format!("n{longest}")).is_err());
        assert!(SessionKey::parse(&format!("{longest}i")).is_err());
    }

    #[test]
    fn nobody_can_say_a_key() {
        assert!(SessionId::parse("acme~a").is_err());
        for bad in [
            "",
            "-",
            "-a",
            "A",
            "a_b",
            "a.b",
            "a~b",
            "é",
            &"n".repeat(33),
        ] {
            assert!(TenantName::parse(bad).is_err(), "{bad:?}");
        }
        for good in ["a", "0", "team-7", &"n".repeat(32)] {
            assert!(TenantName::parse(good).is_ok(), "{good}");
        }
    }
}
