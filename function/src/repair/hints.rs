//! What helps against a known error: patterns that an operator may edit, as data. The first that fits speaks.

use api::python::{LimitHit, Outcome, PythonError};
use serde::Deserialize;

use super::prompt::{fill, listed};
use crate::answer::bounded;

/// Where spin.toml mounts the patterns.
pub const PATH: &str = "/prompts/errors.json";

/// The pattern that is apart from the others: it is about output that was dropped, in a run that ended anyhow.
const OUTPUT_TRUNCATED: &str = "output_truncated";
/// Characters of a line of source, of a reason, and of what Python knows beyond the traceback.
const MAX_CHARS: usize = 2_000;

/// The patterns, in order.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Hints(Vec<Pattern>);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    name: String,
    /// Names of exceptions, or outcomes; any where there are none.
    #[serde(default)]
    error: Vec<String>,
    /// Parts of `Name: value` or of the traceback, one of which must be there; any where there are none.
    #[serde(default)]
    contains: Vec<String>,
    /// Whether a program ran. Where it matters: a program may name its exceptions as it likes.
    ran: Option<bool>,
    hint: String,
}

/// What is known of a failure.
#[derive(Clone, Copy)]
pub struct Failure<'a> {
    /// What went wrong.
    pub error: &'a PythonError,
    /// How the run ended; nothing where nothing ran (`NoCode`, `Refused`, `Rejected`).
    pub outcome: Option<Outcome>,
    /// The program.
    pub code: &'a str,
    /// The limit that ended it.
    pub limit: Option<&'a LimitHit>,
    /// Whether output was dropped.
    pub truncated: bool,
    /// Paths of the workspace's files.
    pub files: &'a [String],
    /// What is installed, as a model should read it: `numpy 2.3.4`.
    pub packages: &'a [String],
    /// Wraps text of programs as data.
    pub quote: &'a dyn Fn(&str) -> String,
}

impl Hints {
    /// Reads the patterns' file.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// What to tell the model beyond the error itself. A pattern that would tell what is not known is passed over.
    pub fn hint(&self, failure: &Failure<'_>) -> Option<String> {
        let (apart, patterns): (Vec<_>, Vec<_>) = self
            .0
            .iter()
            .partition(|pattern| pattern.name == OUTPUT_TRUNCATED);
        let values = values(failure);
        let fitting = patterns
            .into_iter()
            .filter(|pattern| pattern.fits(failure))
            .find_map(|pattern| pattern.filled(&values));
        let truncated = apart
            .into_iter()
            .filter(|_| failure.truncated)
            .find_map(|pattern| pattern.filled(&values));
        let hints: Vec<_> = fitting.into_iter().chain(truncated).collect();
        (!hints.is_empty()).then(|| hints.join("\n"))
    }
}

impl Pattern {
    fn fits(&self, failure: &Failure<'_>) -> bool {
        let error = failure.error;
        let is_named = |name: &String| {
            *name == error.name
                || failure
                    .outcome
                    .is_some_and(|outcome| *name == outcome.as_str())
        };
        let line = format!("{}: {}", error.name, error.value);
        let is_in = |part: &String| line.contains(part) || error.traceback.contains(part);
        self.ran.is_none_or(|ran| ran == failure.outcome.is_some())
            && (self.error.is_empty() || self.error.iter().any(is_named))
            && (self.contains.is_empty() || self.contains.iter().any(is_in))
    }

    fn filled(&self, values: &[(&str, Option<String>)]) -> Option<String> {
        let known = values.iter().filter_map(|(name, value)| {
            let is_needed = self.hint.contains(&format!("{{{{{name}}}}}"));
            is_needed.then(|| Some((*name, value.clone()?)))
        });
        let known: Option<Vec<_>> = known.collect();
        Some(fill(&self.hint, &known?))
    }
}

/// The placeholders and what they stand for, where that is known. What programs chose is quoted.
fn values(failure: &Failure<'_>) -> [(&'static str, Option<String>); 6] {
    let quote = failure.quote;
    let context = failure.error.context.trim_end();
    let files = match failure.files {
        [] => "(none)".to_owned(),
        files => quote(&listed(files)),
    };
    // Where nothing ran, a person or we wrote it.
    let reason = failure.outcome.is_none().then_some(&failure.error.value);
    [
        ("packages", Some(failure.packages.join(", "))),
        ("files", Some(files)),
        ("line", line(failure).map(|line| quote(&line))),
        (
            "context",
            (!context.is_empty()).then(|| quote(&bounded(context, MAX_CHARS))),
        ),
        ("limit", failure.limit.map(|limit| limit.message.clone())),
        ("reason", reason.map(|reason| bounded(reason, MAX_CHARS))),
    ]
}

/// The line of source at which Python gave up, with the one before: `3 | print(x`.
fn line(failure: &Failure<'_>) -> Option<String> {
    let error = failure.error;
    let traceback = &error.traceback;
    let stated = match traceback.rfind("\", line ") {
        Some(offset) => &traceback[offset + "\", line ".len()..],
        None => error.value.rsplit_once("line ")?.1,
    };
    let digits = stated.split(|char: char| !char.is_ascii_digit()).next()?;
    let number: usize = digits.parse().ok()?;
    let lines: Vec<_> = failure.code.lines().collect();
    let shown = lines.get(number.checked_sub(1)?)?.trim();
    // Another source than the program may be meant: a module in the workspace, or what `eval` was given.
    if !traceback.is_empty() && !traceback.contains(shown) {
        return None;
    }
    let numbers = number.saturating_sub(1).max(1)..=number;
    let shown = numbers.map(|number| {
        let text = bounded(lines[number - 1], MAX_CHARS / 4).replace('\n', " ");
        format!("{number} | {text}")
    });
    Some(shown.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests;
