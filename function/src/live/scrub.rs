//! Secrets struck out of a text that comes in pieces.

/// What is told instead, as in the history.
const REDACTED: &str = "[redacted]";

/// Takes a text piece by piece and gives it on without secrets. What may be the beginning of one is held back until
/// it is known whether it is.
#[derive(Debug, Default)]
pub(super) struct Scrub {
    secrets: Vec<String>,
    held: String,
}

impl Scrub {
    /// Strikes these out.
    pub(super) fn new(secrets: &[&str]) -> Self {
        let mut secrets: Vec<_> = secrets.iter().map(ToString::to_string).collect();
        // One may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self {
            secrets,
            held: String::new(),
        }
    }

    /// A piece; gives what of the text may be told now.
    pub(super) fn push(&mut self, piece: String) -> String {
        if self.secrets.is_empty() {
            return piece;
        }
        self.held.push_str(&piece);
        let mut told = String::new();
        loop {
            let certain = self.certain();
            match self.first().filter(|(at, _)| *at < certain) {
                Some((at, length)) => {
                    told.push_str(&self.held[..at]);
                    told.push_str(REDACTED);
                    self.held.drain(..at + length);
                }
                None => {
                    told.extend(self.held.drain(..certain));
                    return told;
                }
            }
        }
    }

    /// No more pieces; gives what was held back.
    pub(super) fn end(&mut self) -> String {
        let held = std::mem::take(&mut self.held);
        let strike = |text: String, secret: &String| text.replace(secret, REDACTED);
        self.secrets.iter().fold(held, strike)
    }

    /// Where the first secret is, and how long it is.
    fn first(&self) -> Option<(usize, usize)> {
        let found = self
            .secrets
            .iter()
            .filter_map(|secret| Some((self.held.find(secret.as_str())?, secret.len())));
        found.min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)))
    }

    /// How much there is before what may be the beginning of a secret.
    fn certain(&self) -> usize {
        let longest = self.secrets.first().map_or(0, String::len);
        let from = self.held.len().saturating_sub(longest);
        let begins = |at: &usize| {
            self.held.get(*at..).is_some_and(|rest| {
                let begins =
                    |secret: &String| secret.len() > rest.len() && secret.starts_with(rest);
                !rest.is_empty() && self.secrets.iter().any(begins)
            })
        };
        (from..self.held.len())
            .find(begins)
            .unwrap_or(self.held.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scrubbed(secrets: &[&str], text: &str, size: usize) -> String {
        let mut scrub = Scrub::new(secrets);
        let characters: Vec<char> = text.chars().collect();
        let pieces = characters.chunks(size).map(|piece| piece.iter().collect());
        let mut told: String = pieces.map(|piece| scrub.push(piece)).collect();
        told.push_str(&scrub.end());
        told
    }

    #[test]
    fn secrets_are_struck_out_however_they_are_cut() {
        let cases = [
            ("key sk-12345 é", "key [redacted] é"),
            ("sk-1234sk-12345", "sk-1234[redacted]"),
            ("sk-12345-long!", "[redacted]!"),
            ("sk-12345-lon", "[redacted]-lon"),
            ("sk-12345sk-12345", "[redacted][redacted]"),
            ("ssk-12345", "s[redacted]"),
            ("nothing s", "nothing s"),
            ("", ""),
        ];
        for (text, expected) in cases {
            for size in 1..=text.len().max(1) {
                let told = scrubbed(&["sk-12345", "sk-12345-long"], text, size);
                assert_eq!(told, expected, "{text:?} by {size}");
            }
        }
    }

    #[test]
    fn what_can_be_no_secret_is_told_at_once() {
        let mut scrub = Scrub::new(&["sk-12345"]);
        assert_eq!(scrub.push("hello sk-".to_owned()), "hello ");
        assert_eq!(scrub.push("1".to_owned()), "");
        assert_eq!(scrub.push("x\n".to_owned()), "sk-1x\n");
        assert_eq!(Scrub::new(&[]).push("sk-".to_owned()), "sk-");
    }
}
