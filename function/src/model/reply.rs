//! The program in a reply. A model is asked for one fence of Python; here is what models do instead.

use super::bare::{Surroundings, is_program};
use super::call;
use super::fences::{Block, Part, parts};

/// What models call an interactive session, or a program that is to be run.
const LANGUAGES: [&str; 7] = ["py", "py2", "py3", "pycon", "pyrepl", "repl", "tool_code"];
/// The line that says that nothing is left to do.
const DONE: &str = "DONE";

/// A program that a model wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Python, without a line break at its end.
    pub source: String,
    /// Whether the model says that no further step is needed once it has run.
    pub done: bool,
}

/// The program in a reply, if there is one: all its Python fences, or where it has no fence, all of it, if that is
/// a program or a call of a function with one.
pub fn code_in(reply: &str) -> Option<Code> {
    let parts = parts(reply);
    let is_fenced = parts.iter().any(|part| matches!(part, Part::Block(_)));
    let (source, done) = if is_fenced {
        fenced(&parts)
    } else {
        let (text, done) = without_done(reply.lines().map(str::to_owned).collect());
        let text = text.join("\n");
        let called = call::code_of_text(&text);
        let bare = || is_program(&text, Surroundings::Reply).then_some(text.clone());
        (called.or_else(bare)?, done)
    };
    let source = trimmed(&source);
    (!source.is_empty()).then_some(Code { source, done })
}

/// The program in all blocks together, and whether it is said to be all.
fn fenced(parts: &[Part<'_>]) -> (String, bool) {
    // What has no language may be output that is shown along with the program.
    let marked = parts
        .iter()
        .any(|part| matches!(part, Part::Block(block) if is_python(&block.language)));
    let mut programs = Vec::new();
    let mut done = false;
    for part in parts {
        match part {
            Part::Line(line) if line.trim().is_empty() => {}
            Part::Line(line) => done = is_done(line) && !programs.is_empty(),
            Part::Block(block) => {
                if let Some((program, last)) = program(block, marked) {
                    done = last;
                    programs.push(program);
                }
            }
        }
    }
    (programs.join("\n\n"), done)
}

/// The program in a block, if it is one, and whether it ends with what should have come behind it.
fn program(block: &Block, marked: bool) -> Option<(String, bool)> {
    let (lines, done) = without_done(block.lines.clone());
    let lines = without_prompts(lines);
    let text = lines.join("\n");
    let is_program = if is_python(&block.language) {
        true
    } else if block.language == "json" && !marked {
        return call::code_of_text(&text).map(|code| (trimmed(&code), done));
    } else {
        block.language.is_empty() && !marked && is_program(&text, Surroundings::Fence)
    };
    let text = trimmed(&text);
    (is_program && !text.is_empty()).then_some((text, done))
}

fn is_python(language: &str) -> bool {
    LANGUAGES.contains(&language)
        || language.starts_with("python")
        || language.starts_with("ipython")
}

/// `DONE`, `DONE.`, `**DONE**`
fn is_done(line: &str) -> bool {
    line.trim().trim_matches(['*', '_', '`', '.', '!']) == DONE
}

/// Without a last line that says so, and whether there was one. A program has no use for such a line, unless it
/// has something of that name.
fn without_done(mut lines: Vec<String>) -> (Vec<String>, bool) {
    let last = lines.iter().rposition(|line| !line.trim().is_empty());
    let Some(last) = last.filter(|last| is_done(&lines[*last])) else {
        return (lines, false);
    };
    if lines[..last].iter().any(|line| line.contains(DONE)) {
        return (lines, false);
    }
    lines.truncate(last);
    (lines, true)
}

/// An interactive session without its prompts, and without what was printed between them.
fn without_prompts(lines: Vec<String>) -> Vec<String> {
    let first = lines.iter().find(|line| !line.trim().is_empty());
    if !first.is_some_and(|line| line.starts_with(">>>")) {
        return lines;
    }
    let typed = lines.iter().filter_map(|line| {
        let typed = line
            .strip_prefix(">>>")
            .or_else(|| line.strip_prefix("..."))?;
        Some(typed.strip_prefix(' ').unwrap_or(typed).to_owned())
    });
    typed.collect()
}

/// Without blank lines before it and white space behind it.
fn trimmed(source: &str) -> String {
    let mut source = source.trim_end();
    while let Some((first, rest)) = source.split_once('\n') {
        if !first.trim().is_empty() {
            break;
        }
        source = rest;
    }
    source.to_owned()
}

#[cfg(test)]
mod tests;
