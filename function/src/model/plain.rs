//! What a server says, fit for a message: without secrets, on one line, bounded.

/// A server's own message is cut off here.
const MAX_CHARS: usize = 500;

/// Makes texts plain.
#[derive(Debug)]
pub(super) struct Plain<'a> {
    secrets: Vec<&'a str>,
}

impl<'a> Plain<'a> {
    /// Strikes these out.
    pub(super) fn without(mut secrets: Vec<&'a str>) -> Self {
        // Of two, one may be part of the other: what is left of the longer one would show.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets }
    }

    /// As it is, without secrets.
    pub(super) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.secrets {
            // A key is sent without the spaces around it, so that is how it may come back.
            let secret = secret.trim();
            if !secret.is_empty() {
                text = text.replace(secret, "[redacted]");
            }
        }
        text
    }

    /// On one line, bounded, without secrets.
    pub(super) fn line(&self, text: &str) -> String {
        // Before it is cut: the first half of a secret is secret too.
        let text = self.text(text);
        let text = one_line(&text, MAX_CHARS);
        if text.is_empty() {
            "it does not say why".to_owned()
        } else {
            text
        }
    }
}

/// Its first characters, with all white space as one space and nothing that a terminal would obey.
pub(super) fn one_line(text: &str, max_chars: usize) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let words = words.join(" ");
    let mut line: String = words.chars().take(max_chars).map(visible).collect();
    if words.chars().nth(max_chars).is_some() {
        line.push('…');
    }
    line
}

fn visible(c: char) -> char {
    if c.is_control() {
        char::REPLACEMENT_CHARACTER
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_short_line() {
        let plain = Plain::without(Vec::new());
        assert_eq!(plain.line(" a\r\n\tb\u{1b}[1m "), "a b\u{fffd}[1m");
        assert_eq!(plain.line(&"é".repeat(500)), "é".repeat(500));
        assert_eq!(
            plain.line(&"é".repeat(501)),
            format!("{}…", "é".repeat(500))
        );
        assert_eq!(plain.line(" \n"), "it does not say why");
    }

    #[test]
    fn secrets_are_struck_out_before_it_is_cut() {
        let plain = Plain::without(vec!["sk-1", "sk-12345", " key\n", ""]);
        assert_eq!(
            plain.line("bad key sk-12345, sk-1"),
            "bad [redacted] [redacted], [redacted]"
        );
        let cut = plain.line(&format!("{}sk-12345", "x".repeat(496)));
        assert!(!cut.contains("sk-"), "{cut}");
        assert_eq!(plain.text("a\nsk-1"), "a\n[redacted]");
    }
}
