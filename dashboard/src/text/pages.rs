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

/// The text in pages of at most `max` bytes.
pub(crate) fn pages(text: &str, max: usize) -> Vec<&str> {
    let mut pages = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let page = head(rest, max);
        // A character may be larger than a page.
        let length = page
            .len()
            .max(rest.chars().next().map_or(0, char::len_utf8));
        let (page, after) = rest.split_at(length);
        pages.push(page);
        rest = after;
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_all_of_the_text() {
        for text in [
            "",
            "a",
            "a\nb\n",
            "aaaaaaaaaaaaaaaaaaaaaaa",
            "é\u{1f40d}é\n\n\né",
            "\n\n\n\n\n\n\n",
        ] {
            for max in 1..10 {
                let pages = pages(text, max);
                assert_eq!(pages.concat(), text);
                assert!(
                    pages
                        .iter()
                        .all(|page| page.len() <= max.max(4) && !page.is_empty()),
                    "{pages:?}"
                );
            }
        }
    }

    #[test]
    fn a_page_ends_with_a_line_where_it_can() {
        assert_eq!(pages("ab\ncd\nef", 5), ["ab\n", "cd\nef"]);
    }
}
