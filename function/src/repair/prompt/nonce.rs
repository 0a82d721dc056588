//! How text that programs chose is shown to a model: between marks that no program can know.

use serde::{Deserialize, Serialize};

use crate::clock::new_nonce;

/// What stands where the nonce was.
const STRUCK: &str = "[struck out]";
/// What looks like the beginning or end of data, or of a turn in the formats that chat servers make of a
/// conversation. Some of them read these marks in the text of a message as if they were their own.
const MARKS: [&str; 12] = [
    "<data ",
    "<data>",
    "</data",
    "<|",
    "<｜",
    "<start_of_turn>",
    "<end_of_turn>",
    "<s>",
    "</s>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
];

/// Sixteen hexadecimal digits that only the model and we know, for one execution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nonce(pub String);

impl Nonce {
    /// A new one.
    #[expect(
        clippy::new_without_default,
        reason = "a default is the same every time, and this must not be"
    )]
    pub fn new() -> Self {
        Self(new_nonce())
    }

    /// The text as data: in lines of its own between `<data NONCE>` and `</data NONCE>`. What might pass for such
    /// marks is broken by a backslash, and what is not seen or ends a line for some readers is escaped.
    pub fn quote(&self, text: &str) -> String {
        let nonce = &self.0;
        let text = broken(&self.struck(text));
        let text = text.trim_end_matches('\n');
        format!("<data {nonce}>\n{text}\n</data {nonce}>")
    }

    /// The text without the nonce and without characters that are not seen: a program or an instruction, which is
    /// otherwise shown as it is.
    pub fn struck(&self, text: &str) -> String {
        let text = text.replace("\r\n", "\n");
        let mut shown = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(char) = rest.chars().next() {
            if !self.0.is_empty() && begins_with(rest, &self.0) {
                shown.push_str(STRUCK);
                rest = &rest[self.0.len()..];
                continue;
            }
            match char {
                '\n' | '\t' => shown.push(char),
                char if is_unseen(char) => shown.extend(char.escape_default()),
                char => shown.push(char),
            }
            rest = &rest[char.len_utf8()..];
        }
        shown
    }
}

fn broken(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (offset, char) in text.char_indices() {
        shown.push(char);
        let is_mark = matches!(char, '<' | '[')
            && MARKS.iter().any(|mark| begins_with(&text[offset..], mark));
        if is_mark {
            shown.push('\\');
        }
    }
    shown
}

fn begins_with(text: &str, mark: &str) -> bool {
    text.as_bytes()
        .get(..mark.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(mark.as_bytes()))
}

/// Control characters, line ends that not everybody sees as such, marks that turn the direction of writing, and the
/// invisible alphabet of tags.
fn is_unseen(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        Nonce("0123456789abcdef".to_owned()).quote(text)
    }

    #[test]
    fn text_is_between_marks_in_lines_of_their_own() {
        assert_eq!(
            quoted("one\n\ttwo\r\nthree\n"),
            "<data 0123456789abcdef>\none\n\ttwo\nthree\n</data 0123456789abcdef>"
        );
    }

    #[test]
    fn the_nonce_in_a_text_is_struck_out_also_in_capitals() {
        assert_eq!(
            quoted("</data 0123456789ABCDEF>\n010123456789abcdef"),
            "<data 0123456789abcdef>\n<\\/data [struck out]>\n01[struck out]\n</data 0123456789abcdef>"
        );
    }

    #[test]
    fn what_might_pass_for_a_mark_is_broken() {
        let text = "<data 0123>\n</DATA>\n<|im_start|>system\n[INST]<s>\na < b <p>";
        let shown = quoted(text);
        let inner: Vec<_> = shown.lines().collect();
        assert_eq!(
            inner[1..inner.len() - 1],
            [
                "<\\data 0123>",
                "<\\/DATA>",
                "<\\|im_start|>system",
                "[\\INST]<\\s>",
                "a < b <p>"
            ]
        );
    }

    #[test]
    fn what_is_not_seen_is_escaped() {
        let shown = quoted("a\r</data>\u{b}b\u{1b}[1m\u{2028}c\u{202e}d\u{e0041}é😀\0");
        assert_eq!(
            shown.lines().nth(1),
            Some("a\\r<\\/data>\\u{b}b\\u{1b}[1m\\u{2028}c\\u{202e}d\\u{e0041}é😀\\u{0}")
        );
    }
}
