//! Identifiers. Each is parsed once, where a request comes in, and trusted from there on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a string is not an identifier. The message is written for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidId(String);

impl InvalidId {
    pub(crate) fn new(message: String) -> Self {
        Self(message)
    }
}

macro_rules! string_newtype {
    ($name:ident) => {
        impl $name {
            /// The text of it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(value: String) -> Result<Self, InvalidId> {
                Self::parse(&value)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    };
}

/// A session's name: 1 to 64 of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit.
///
/// It is also the name of a folder, so it can be neither `.` nor `..` nor hold a separator.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

string_newtype!(SessionId);

impl SessionId {
    /// The most characters a session id may have.
    pub const MAX_LENGTH: usize = 64;

    /// Parses a session id; the error says what one looks like.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let valid = text.len() <= Self::MAX_LENGTH
            && text
                .bytes()
                .next()
                .is_some_and(|b| b.is_ascii_alphanumeric())
            && text.bytes().all(is_plain);
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId(format!(
                "invalid session_id {}: it must be 1 to 64 of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit",
                quoted(text)
            )))
        }
    }
}

/// An execution's name: lower-case hexadecimal digits, made by the function.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExecutionId(String);

string_newtype!(ExecutionId);

impl ExecutionId {
    /// Parses an execution id: 1 to 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
        if (1..=32).contains(&text.len()) && text.bytes().all(hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId(format!(
                "invalid execution id {}: it must be 1 to 32 hexadecimal digits",
                quoted(text)
            )))
        }
    }
}

/// The path of a file in a workspace: relative, `/`-separated, without `.` or `..` parts.
///
/// This refuses what can be refused by looking at the text. Whether a path leaves the workspace
/// through a symbolic link only the file system knows, and the python service refuses that.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkspacePath(String);

string_newtype!(WorkspacePath);

impl WorkspacePath {
    /// The most bytes a path may have.
    pub const MAX_LENGTH: usize = 1024;

    /// Parses a path that has already been percent-decoded.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let problem = if text.is_empty() {
            "it is empty"
        } else if text.len() > Self::MAX_LENGTH {
            "it is longer than 1024 bytes"
        } else if text.starts_with('/') {
            "it must be relative to the workspace"
        } else if text.contains(['\0', '\\']) {
            "it holds a NUL or a backslash"
        } else if text.split('/').any(|part| matches!(part, "." | "..")) {
            "`.` and `..` are not allowed in it"
        } else if text.split('/').any(str::is_empty) {
            "it has an empty part"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(InvalidId(format!(
            "invalid file path {}: {problem}",
            quoted(text)
        )))
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

/// A request's name, which is in every log of it: 1 to 128 of `A-Z a-z 0-9 . _ -`, its caller's own or one of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RequestId(String);

string_newtype!(RequestId);

impl RequestId {
    /// The header that it comes and goes in, in lower case.
    pub const HEADER: &str = "x-request-id";
    /// The most characters a request id may have.
    pub const MAX_LENGTH: usize = 128;

    /// Parses a request id.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        if (1..=Self::MAX_LENGTH).contains(&text.len()) && text.bytes().all(is_plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId(format!(
                "invalid request id {}: it must be 1 to 128 of `A-Z a-z 0-9 . _ -`",
                quoted(text)
            )))
        }
    }
}

/// Whether a byte may be in any name, whatever reads it.
fn is_plain(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-')
}

/// Quotes a caller's text for a message: control characters escaped, never more than 80 characters.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut shown: String = text
        .chars()
        .take(SHOWN)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_ids_are_folder_names_and_nothing_else() {
        for good in ["a", "abc123", "0", "a.b_c-D", &"x".repeat(64)] {
            assert!(SessionId::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            ".",
            "..",
            "-a",
            "_a",
            "a/b",
            "a b",
            "a\n",
            "é",
            "a\0",
            &"x".repeat(65),
        ] {
            assert!(SessionId::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_workspace_path_cannot_climb() {
        for good in ["a.txt", "dir/a.txt", "..a", "a..b", "sp ace", "é/ü"] {
            assert!(WorkspacePath::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "..",
            "a/../b",
            "./a",
            "a//b",
            "a/",
            "a\\b",
            "a\0b",
        ] {
            assert!(WorkspacePath::parse(bad).is_err(), "{bad:?}");
        }
        assert!(WorkspacePath::parse(&"x".repeat(1025)).is_err());
    }

    #[test]
    fn only_what_is_fit_for_a_log_is_a_request_id() {
        let longest = "x".repeat(RequestId::MAX_LENGTH);
        for good in ["a", "Az09._-", "9b2e-4", &longest] {
            assert_eq!(RequestId::parse(good).unwrap().as_str(), good);
        }
        let too_long = format!("{longest}x");
        for bad in ["", " a", "a b", "a\"b", "a\n", "ä", "a/b", &too_long] {
            assert!(RequestId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_message_quotes_the_offender_safely() {
        let error = SessionId::parse("a\u{1b}[31m").unwrap_err().to_string();
        assert!(error.contains(r"`a\u{1b}[31m`"), "{error}");
    }
}
