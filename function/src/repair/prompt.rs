//! The messages to the model, rendered from the operator's templates.
//!
//! Text that programs chose goes in as data, between marks with a [`Nonce`]. Placeholders are filled in one pass, so
//! that a `{{...}}` in what is filled in stays what it is. A paragraph of which nothing is left once it is filled is
//! left out.

mod nonce;

use api::tool::ToolContext;

use crate::answer::bounded;
pub use nonce::Nonce;

/// Characters of what the agent asks for. It is seldom this long, and a model reads no more than a few books.
const MAX_INSTRUCTION_CHARS: usize = 40_000;
/// Characters of what the agent was about, each part.
const MAX_CONTEXT_CHARS: usize = 2_000;
/// Characters of an earlier attempt's program, output and error.
const MAX_PAST_CHARS: [usize; 3] = [8_000, 2_000, 4_000];
/// The attempts that are shown at this length; those before are shortened to a quarter of it.
const IN_FULL: usize = 2;
/// The attempts that are shown at all: what was tried long ago helps little.
const MAX_PAST: usize = 10;
/// Characters of the output of the program that has just run.
const MAX_OUTPUT_CHARS: usize = 8_000;
/// Files that are named, and characters of a name.
const MAX_FILES: usize = 50;
const MAX_NAME_CHARS: usize = 200;

/// The texts that an operator may edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Templates {
    /// `openinterpreter.md`: what holds for the whole conversation.
    pub system: String,
    /// `openinterpreter_instruction.md`: the first message of an attempt.
    pub instruction: String,
    /// `openinterpreter_attempt.md`: an earlier attempt, in that message.
    pub attempt: String,
    /// `openinterpreter_output.md`: the message after a program that ran well.
    pub output: String,
}

/// What an attempt begins with.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What the caller sent as `code`.
    pub instruction: &'a str,
    /// Why that is no Python, where the model is asked because of it.
    pub not_python: Option<&'a str>,
    /// What the agent was about.
    pub context: Option<&'a ToolContext>,
    /// Paths of the workspace's files.
    pub files: &'a [String],
    /// The attempts that failed, in order.
    pub past: &'a [Past<'a>],
    /// What helps against the last one's error, with data in it quoted.
    pub hint: Option<&'a str>,
}

/// An attempt that failed.
#[derive(Debug, Clone, Copy)]
pub struct Past<'a> {
    /// From 1.
    pub number: u32,
    /// Its last program; empty where there was none.
    pub code: &'a str,
    /// What that showed.
    pub output: &'a str,
    /// What went wrong: a traceback, or one line.
    pub error: &'a str,
}

/// The message of the role `system`. `values` are the placeholders' names without braces, and what they stand for.
pub fn system(templates: &Templates, values: &[(&str, String)]) -> String {
    fill(&templates.system, values).trim_end().to_owned()
}

/// The first message of an attempt.
pub fn instruction(templates: &Templates, asked: &Asked<'_>, nonce: &Nonce) -> String {
    let text = nonce.struck(&bounded(asked.instruction, MAX_INSTRUCTION_CHARS));
    let not_python = asked.not_python.map_or_else(String::new, |why| {
        let why = nonce.quote(&bounded(why, MAX_CONTEXT_CHARS));
        format!("It does not compile as Python, so it is an instruction, or a program with a mistake:\n{why}")
    });
    let hint = asked.hint.map(|hint| format!("Hint: {hint}"));
    let values = [
        ("instruction", fenced("", &text)),
        ("not_python", not_python),
        ("context", context(asked.context, nonce)),
        ("files", files(asked.files, nonce)),
        ("attempts", attempts(&templates.attempt, asked, nonce)),
        ("hint", hint.unwrap_or_default()),
    ];
    paragraphs(&templates.instruction, &values)
}

/// The message after a program that ran well.
pub fn output(templates: &Templates, output: &str, paths: &[String], nonce: &Nonce) -> String {
    let shown = data("Its output:", output, MAX_OUTPUT_CHARS, nonce);
    let shown = if shown.is_empty() {
        "It printed nothing.".to_owned()
    } else {
        shown
    };
    let values = [("output", shown), ("files", files(paths, nonce))];
    paragraphs(&templates.output, &values)
}

/// Fills placeholders, in one pass. One that is not known stays as it is, so that its author sees it.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let known = values.iter().find_map(|(name, value)| {
            let after = after.strip_prefix(name)?.strip_prefix("}}")?;
            Some((value.as_str(), after))
        });
        let (value, next) = known.unwrap_or(("{{", after));
        filled.push_str(value);
        rest = next;
    }
    filled + rest
}

/// Paths of files, one a line, for [`Nonce::quote`].
pub fn listed(files: &[String]) -> String {
    let more = files.len().saturating_sub(MAX_FILES);
    let mut lines: Vec<_> = files
        .iter()
        .take(MAX_FILES)
        // A name may hold what would end the line.
        .map(|path| bounded(path, MAX_NAME_CHARS).replace('\n', "\\n"))
        .collect();
    if more > 0 {
        lines.push(format!("... and {more} more"));
    }
    lines.join("\n")
}

fn paragraphs(template: &str, values: &[(&str, String)]) -> String {
    let template = template.replace("\r\n", "\n");
    let filled = template.split("\n\n").map(|part| fill(part, values));
    let kept = filled.filter(|part| !part.trim().is_empty());
    kept.collect::<Vec<_>>().join("\n\n").trim_end().to_owned()
}

fn attempts(template: &str, asked: &Asked<'_>, nonce: &Nonce) -> String {
    let past = asked.past;
    let left_out = past.len().saturating_sub(MAX_PAST);
    let mut parts = Vec::new();
    if !past.is_empty() {
        parts.push("# Earlier attempts, which failed; the last is the one to mend".to_owned());
    }
    if left_out > 0 {
        parts.push(format!("({left_out} before these are left out)"));
    }
    for (index, past_one) in past.iter().enumerate().skip(left_out) {
        let share = if index + IN_FULL < past.len() { 4 } else { 1 };
        let [max_code, max_output, max_error] = MAX_PAST_CHARS.map(|chars| chars / share);
        let program = match past_one.code.trim_end() {
            "" => String::new(),
            code if code == asked.instruction.trim_end() => {
                "The program of the task, as it is above.".to_owned()
            }
            code => {
                let code = nonce.struck(&bounded(code, max_code));
                format!("The program:\n{}", fenced("python", &code))
            }
        };
        let values = [
            ("number", past_one.number.to_string()),
            ("code", program),
            (
                "output",
                data("What it showed:", past_one.output, max_output, nonce),
            ),
            (
                "error",
                data("The error:", past_one.error, max_error, nonce),
            ),
        ];
        parts.push(paragraphs(template, &values));
    }
    parts.join("\n\n")
}

fn context(context: Option<&ToolContext>, nonce: &Nonce) -> String {
    let Some(context) = context else {
        return String::new();
    };
    let parts = [
        ("The person asked: ", &context.user_query),
        ("The agent thought: ", &context.current_thought),
    ];
    let lines = parts.iter().filter_map(|(title, text)| {
        let text = text.as_deref()?.trim();
        (!text.is_empty()).then(|| format!("{title}{}", bounded(text, MAX_CONTEXT_CHARS)))
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    data(
        "What the agent was about when it asked, to understand the task by:",
        &text,
        usize::MAX,
        nonce,
    )
}

fn files(files: &[String], nonce: &Nonce) -> String {
    data("Files in the workspace:", &listed(files), usize::MAX, nonce)
}

/// A title and data below it; nothing where there is nothing in it.
fn data(title: &str, text: &str, max_chars: usize, nonce: &Nonce) -> String {
    let text = text.trim_end();
    if text.trim_start().is_empty() {
        return String::new();
    }
    format!("{title}\n{}", nonce.quote(&bounded(text, max_chars)))
}

/// A text in a fence that nothing in it can end.
fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|char| char != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or_default().max(2) + 1);
    let text = text.trim_end();
    format!("{fence}{language}\n{text}\n{fence}")
}

#[cfg(test)]
mod tests;
