//! Long output in pages: a browser that is given a megabyte of text at once stands still.

/// The first bytes of `text`, `max` or a little fewer: whole lines where there are any, whole characters always.
pub(crate) fn head(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let cut = text.floor_char_boundary(max);
    match text[..cut].rfind('\n') {
        Some(end) => &text[..=end],
        None => &text[..cut],
    }
}

/// All of `text` in pieces, each of which is the [`head`] of what is left.
pub(crate) fn pieces(text: &str, max: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let piece = head(rest, max);
        pieces.push(piece);
        rest = &rest[piece.len()..];
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_the_beginning_of_the_text() {
        for text in [
            "",
            "a",
            "a\nb\n",
            "aaaaaaaaaaaaaaaaaaaaaaa",
            "é\u{1f40d}é\n\n\né",
            "\n\n\n\n",
        ] {
            for max in 0..10 {
                let page = head(text, max);
                assert!(text.starts_with(page) && page.len() <= max, "{page:?}");
            }
        }
    }

    #[test]
    fn pieces_are_all_of_it() {
        assert_eq!(pieces("ab\ncd\nefghijk", 6), ["ab\ncd\n", "efghij", "k"]);
        assert_eq!(
            pieces("\u{1f40d}\u{1f40d}", 6).concat(),
            "\u{1f40d}\u{1f40d}"
        );
        assert!(pieces("", 6).is_empty());
    }

    #[test]
    fn a_page_ends_with_a_line_where_it_can() {
        assert_eq!(head("ab\ncd\nef", 5), "ab\n");
        assert_eq!(head("abcdef", 5), "abcde");
        assert_eq!(head("ab", 5), "ab");
    }
}
