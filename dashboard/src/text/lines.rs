//! A few lines of a long source: an editor colours no more of it than is seen.

use std::ops::Range;

use crate::text::python::{Kind, highlight};

/// Colouring a longer source takes longer than a key stroke may.
const MAX_COLOURED_BYTES: usize = 200_000;

/// How many lines there are; a last line may be empty.
pub(crate) fn count(source: &str) -> usize {
    source.bytes().filter(|byte| *byte == b'\n').count() + 1
}

/// The pieces of some lines. All of the source is read, since a string may have begun before them.
pub(crate) fn coloured(source: &str, lines: Range<usize>) -> Vec<(Kind, &str)> {
    let start = start_of(source, lines.start);
    let end = start_of(source, lines.end);
    if source.len() > MAX_COLOURED_BYTES {
        return vec![(Kind::Plain, &source[start..end])];
    }
    let mut at = 0;
    let mut pieces = Vec::new();
    for (kind, text) in highlight(source) {
        let here = at..at + text.len();
        at = here.end;
        let seen = start.max(here.start)..end.min(here.end);
        if seen.start < seen.end {
            pieces.push((kind, &source[seen]));
        }
    }
    pieces
}

fn start_of(source: &str, line: usize) -> usize {
    if line == 0 {
        return 0;
    }
    let mut ends = source
        .bytes()
        .enumerate()
        .filter(|(_, byte)| *byte == b'\n');
    ends.nth(line - 1).map_or(source.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_out_with_their_colours() {
        let source = "a = '''x\ny\nz'''\nb = 1\n";
        assert_eq!(count(source), 5);
        assert_eq!(coloured(source, 1..2), [(Kind::String, "y\n")]);
        assert_eq!(
            coloured(source, 2..4),
            [
                (Kind::String, "z'''"),
                (Kind::Plain, "\nb = "),
                (Kind::Number, "1"),
                (Kind::Plain, "\n")
            ]
        );
        let all: String = coloured(source, 0..9)
            .iter()
            .map(|(_, text)| *text)
            .collect();
        assert_eq!(all, source);
        assert_eq!(coloured(source, 7..9), []);
        assert_eq!(count(""), 1);
    }
}
