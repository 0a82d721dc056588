//! What the keys of an editor do to a text. Places are in UTF-16 units, as a browser counts them.

const INDENT: &str = "    ";

/// A stretch of the text that is written anew, and what is selected then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) text: String,
    pub(crate) select: (u32, u32),
}

/// Tab: spaces up to the next stop, or every line deeper where several are selected.
pub(crate) fn indent(text: &str, start: u32, end: u32) -> Edit {
    let (from, to) = (byte(text, start), byte(text, end));
    if !text[from..to].contains('\n') {
        let column = text[line_start(text, from)..from].chars().count();
        let spaces = " ".repeat(INDENT.len() - column % INDENT.len());
        let place = start + units(&spaces);
        return Edit {
            from: start,
            to: end,
            text: spaces,
            select: (place, place),
        };
    }
    rewrite(text, from, to, |line| match line.is_empty() {
        true => String::new(),
        false => format!("{INDENT}{line}"),
    })
}

/// Shift and Tab: every line that is selected, or the one that is written, less deep by up to a stop.
pub(crate) fn outdent(text: &str, start: u32, end: u32) -> Edit {
    rewrite(text, byte(text, start), byte(text, end), |line| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let less = if line.starts_with('\t') {
            1
        } else {
            spaces.min(INDENT.len())
        };
        line[less..].to_owned()
    })
}

/// Enter: a line as deep as this one, and deeper where this one opens a block.
pub(crate) fn new_line(text: &str, start: u32, end: u32) -> Edit {
    let at = byte(text, start);
    let line = &text[line_start(text, at)..at];
    let depth = line.len() - line.trim_start_matches([' ', '\t']).len();
    let deeper = if line.trim_end().ends_with(':') {
        INDENT
    } else {
        ""
    };
    let inserted = format!("\n{}{deeper}", &line[..depth]);
    let place = start + units(&inserted);
    Edit {
        from: start,
        to: end,
        text: inserted,
        select: (place, place),
    }
}

/// Writes the lines anew that `from..to` touches, and selects as much of them as was selected.
fn rewrite(text: &str, from: usize, to: usize, each: impl Fn(&str) -> String) -> Edit {
    let begin = line_start(text, from);
    // A selection that ends before a line's first character does not touch that line.
    let last = if to > from && text[..to].ends_with('\n') {
        to - 1
    } else {
        to
    };
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    let old = &text[begin..end];
    let lines: Vec<String> = old.split('\n').map(&each).collect();
    let new = lines.join("\n");
    let first = units(&text[begin..from]);
    let first_line = units(old.split('\n').next().unwrap_or_default());
    let grown = |old: u32, new: &str| i64::from(units(new)) - i64::from(old);
    let base = units(&text[..begin]);
    let at =
        |place: u32, by: i64| base + u32::try_from((i64::from(place) + by).max(0)).unwrap_or(0);
    Edit {
        from: base,
        to: base + units(old),
        select: (
            at(first, grown(first_line, &lines[0])),
            at(units(&text[begin..to]), grown(units(old), &new)),
        ),
        text: new,
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The byte at a place; the end where there is no such place.
fn byte(text: &str, place: u32) -> usize {
    let mut left = place as usize;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(character.len_utf16());
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text after an edit, with `[` and `]` around what is selected.
    fn done(text: &str, edit: &Edit) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut new = units[..edit.from as usize].to_vec();
        new.extend(edit.text.encode_utf16());
        new.extend(&units[edit.to as usize..]);
        let (start, end) = (edit.select.0 as usize, edit.select.1 as usize);
        let part = |range: std::ops::Range<usize>| String::from_utf16(&new[range]).unwrap();
        format!(
            "{}[{}]{}",
            part(0..start),
            part(start..end),
            part(end..new.len())
        )
    }

    #[test]
    fn tab_goes_to_the_next_stop() {
        assert_eq!(done("ab", &indent("ab", 1, 1)), "a   []b");
        assert_eq!(done("", &indent("", 0, 0)), "    []");
        assert_eq!(done("abc", &indent("abc", 1, 2)), "a   []c");
    }

    #[test]
    fn tab_moves_all_lines_that_are_selected() {
        let text = "a\n\nb\nc";
        assert_eq!(done(text, &indent(text, 0, 4)), "    [a\n\n    b]\nc");
        // The last one is not touched.
        assert_eq!(done(text, &indent(text, 0, 3)), "    [a\n\n]b\nc");
    }

    #[test]
    fn shift_and_tab_takes_it_back() {
        let text = "    if é𝄞:\n      b\n\tc";
        assert_eq!(done(text, &outdent(text, 6, 12)), "if[ é𝄞:\n]      b\n\tc");
        assert_eq!(done("  a", &outdent("  a", 3, 3)), "a[]");
        assert_eq!(done("a", &outdent("a", 1, 1)), "a[]");
        assert_eq!(done("\ta", &outdent("\ta", 0, 0)), "[]a");
    }

    #[test]
    fn enter_keeps_the_indent_and_opens_a_block() {
        assert_eq!(done("    a", &new_line("    a", 5, 5)), "    a\n    []");
        assert_eq!(
            done("if a:  ", &new_line("if a:  ", 7, 7)),
            "if a:  \n    []"
        );
        assert_eq!(done("  𝄞b", &new_line("  𝄞b", 4, 5)), "  𝄞\n  []");
    }
}
