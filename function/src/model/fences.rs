//! Fenced blocks in Markdown, as models write them: <https://spec.commonmark.org/0.31.2/#fenced-code-blocks>, but
//! indented however deep, and forgiven an end that is missing or sticks to the last line.

/// A line with a fence that ends a block may be indented by so much more than the one that began it. One that is
/// deeper is text in the program.
const MAX_DEEPER: usize = 3;

/// A block, and where in the text it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The first word of what is written behind the fence, in lower case: `python`.
    pub(super) language: String,
    /// Its lines, without the indentation of the fence.
    pub(super) lines: Vec<String>,
}

/// What a text consists of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A line outside of blocks.
    Line(&'a str),
    Block(Block),
}

/// A line that begins a block.
struct Fence<'a> {
    indent: usize,
    mark: char,
    length: usize,
    info: &'a str,
}

/// The parts of a text, in order.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut parts = Vec::new();
    let mut rest = lines.as_slice();
    while let [line, after @ ..] = rest {
        let Some(fence) = Fence::parse(line) else {
            parts.push(Part::Line(line));
            rest = after;
            continue;
        };
        let (mut inside, taken) = match after.iter().position(|line| fence.is_ended_by(line)) {
            Some(end) => (after[..end].to_vec(), end + 1),
            None => fence.without_end(after),
        };
        for line in &mut inside {
            *line = unindented(line, fence.indent);
        }
        parts.push(Part::Block(Block {
            language: language(fence.info),
            lines: inside.into_iter().map(str::to_owned).collect(),
        }));
        rest = &after[taken..];
    }
    parts
}

impl<'a> Fence<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let fence = line.trim_start();
        let mark = fence.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = fence.trim_start_matches(mark);
        let length = fence.len() - info.len();
        // Otherwise it is code within a line.
        let opens = length >= 3 && !(mark == '`' && info.contains('`'));
        opens.then_some(Self {
            indent: line.len() - fence.len(),
            mark,
            length,
            info: info.trim(),
        })
    }

    fn is_ended_by(&self, line: &str) -> bool {
        Fence::parse(line).is_some_and(|end| {
            end.mark == self.mark
                && end.length >= self.length
                && end.info.is_empty()
                && end.indent <= self.indent + MAX_DEEPER
        })
    }

    /// The block's lines, and how many lines it takes, where none ends it. The end may stick to a line of code;
    /// otherwise the reply was cut short, and all that is left is the block.
    fn without_end<'t>(&self, lines: &[&'t str]) -> (Vec<&'t str>, usize) {
        for (number, line) in lines.iter().enumerate() {
            let line = line.trim_end();
            let code = line.trim_end_matches(self.mark);
            let sticks = line.len() - code.len() >= self.length;
            // Behind a quotation mark it is the text of the program.
            if sticks && !code.ends_with(['\'', '"']) {
                let mut inside = lines[..number].to_vec();
                inside.push(code);
                return (inside, number + 1);
            }
        }
        (lines.to_vec(), lines.len())
    }
}

/// Without white space at its beginning that is no deeper than this.
fn unindented(line: &str, indent: usize) -> &str {
    let depth = line.len() - line.trim_start_matches([' ', '\t']).len();
    &line[depth.min(indent)..]
}

/// `{.python .numbered}` and `Python title="x"` are `python`.
fn language(info: &str) -> String {
    let word = info
        .trim_matches(['{', '}'])
        .trim_start_matches(['.', ' '])
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '{' | '}' | '='))
        .next()
        .unwrap_or_default();
    word.to_ascii_lowercase()
}

#[cfg(test)]
mod tests;
