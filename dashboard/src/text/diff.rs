//! A unified diff, line by line.

/// What a line of a diff is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Same,
    Added,
    Removed,
    /// Lines that are the same are left out here.
    Gap,
}

/// A line of a diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) change: Change,
    /// Its number in the program before.
    pub(crate) old: Option<u32>,
    /// Its number in this program.
    pub(crate) new: Option<u32>,
    pub(crate) text: String,
}

/// The lines of a unified diff. What is none gives none.
pub(crate) fn lines(diff: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut next: Option<(u32, u32)> = None;
    for text in diff.lines() {
        if let Some(begin) = hunk(text) {
            if next.is_some() || begin.0 > 1 {
                lines.push(Line {
                    change: Change::Gap,
                    old: None,
                    new: None,
                    text: String::new(),
                });
            }
            next = Some(begin);
            continue;
        }
        let Some((old, new)) = &mut next else {
            continue;
        };
        let (change, text) = match text.split_at_checked(1) {
            Some(("+", text)) => (Change::Added, text),
            Some(("-", text)) => (Change::Removed, text),
            Some((" ", text)) => (Change::Same, text),
            None => (Change::Same, ""),
            // `\ No newline at end of file`
            Some(_) => continue,
        };
        lines.push(Line {
            change,
            old: (change != Change::Added).then(|| count(old)),
            new: (change != Change::Removed).then(|| count(new)),
            text: text.to_owned(),
        });
    }
    lines
}

fn count(number: &mut u32) -> u32 {
    *number += 1;
    *number - 1
}

/// Where a hunk begins in the two programs: `@@ -3,7 +3,8 @@`.
fn hunk(line: &str) -> Option<(u32, u32)> {
    let (old, new) = line.strip_prefix("@@ -")?.split_once(" +")?;
    let first = |range: &str| range.split([',', ' ']).next()?.parse().ok();
    Some((first(old)?, first(new)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_the_numbers_of_both_programs() {
        let diff =
            "@@ -1,3 +1,3 @@\n import os\n-print(x)\n+print(1)\n \n@@ -9 +9,2 @@\n last\n+--more\n";
        let shown: Vec<_> = lines(diff)
            .into_iter()
            .map(|line| (line.change, line.old, line.new, line.text))
            .collect();
        let line = |change, old, new, text: &str| (change, old, new, text.to_owned());
        assert_eq!(
            shown,
            [
                line(Change::Same, Some(1), Some(1), "import os"),
                line(Change::Removed, Some(2), None, "print(x)"),
                line(Change::Added, None, Some(2), "print(1)"),
                line(Change::Same, Some(3), Some(3), ""),
                line(Change::Gap, None, None, ""),
                line(Change::Same, Some(9), Some(9), "last"),
                line(Change::Added, None, Some(10), "--more"),
            ]
        );
    }

    #[test]
    fn what_is_no_diff_gives_nothing() {
        for text in ["", "print('hi')", "@@", "--- a\n+++ b\n"] {
            assert_eq!(lines(text), []);
        }
    }
}
