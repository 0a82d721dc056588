//! A value that must not be shown.

use std::fmt;

use subtle::{Choice, ConstantTimeEq as _};

/// A secret. It has no `Display`, and its `Debug` says only whether there is one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// Whether none is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value itself, for the one place that must send it and the one that must find it in a text.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `candidate` is the secret. Takes the same time wherever they differ, so that nobody can
    /// feel their way to it; their lengths alone may be told apart.
    pub fn matches(&self, candidate: &[u8]) -> Choice {
        self.0.as_bytes().ct_eq(candidate)
    }

    /// What may be shown instead.
    pub fn shown(&self) -> &'static str {
        if self.is_empty() { "(empty)" } else { "(set)" }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_matches_itself_only_and_does_not_show() {
        let secret = Secret::new("hunter2".into());
        let matches = |text: &[u8]| bool::from(secret.matches(text));
        assert!(matches(b"hunter2"));
        for other in [&b"hunter3"[..], b"hunter22", b""] {
            assert!(!matches(other));
        }
        assert_eq!(
            format!("{secret:?} {:?}", Secret::default()),
            "(set) (empty)"
        );
    }
}
