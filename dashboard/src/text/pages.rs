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
                assert!(
                    text.starts_with(page) && page.len() <= max.max(0),
                    "{page:?}"
                );
            }
        }
    }

    #[test]
    fn a_page_ends_with_a_line_where_it_can() {
        assert_eq!(head("ab\ncd\nef", 5), "ab\n");
        assert_eq!(head("abcdef", 5), "abcde");
        assert_eq!(head("ab", 5), "ab");
    }
}
