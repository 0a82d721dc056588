//! How far one who follows an execution has come: the id of the last event that he has.

use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use api::live::LiveEvent;

/// How much was sent. It is the same whether it is counted in what an execution told while it ran or, when that is
/// gone, in what the history has of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Events.
    pub number: u64,
    /// The number of the attempt that the last program belongs to; 0 where there was none.
    pub attempt: u32,
    /// The last program, as far as it must be known again.
    pub code: u64,
    /// Bytes of its standard output.
    pub stdout: usize,
    /// Bytes of its standard error.
    pub stderr: usize,
    /// Its results.
    pub results: usize,
    /// Bytes that a model wrote since.
    pub model: usize,
}

impl Mark {
    /// Counts an event.
    pub fn pass(&mut self, event: &LiveEvent) {
        self.number += 1;
        match event {
            LiveEvent::Attempt { number, code, .. } => {
                *self = Self {
                    number: self.number,
                    attempt: *number,
                    code: of_code(code),
                    ..Self::default()
                }
            }
            LiveEvent::Stdout { text } => self.stdout += text.len(),
            LiveEvent::Stderr { text } => self.stderr += text.len(),
            LiveEvent::Result(_) => self.results += 1,
            LiveEvent::Model { text } => self.model += text.len(),
            LiveEvent::Started { .. } | LiveEvent::Finished(_) => {}
        }
    }

    /// The mark in an id; nothing where it is none of ours.
    pub fn parse(id: &str) -> Option<Self> {
        let parts = id.trim().split('.').map(|part| part.parse::<u64>().ok());
        let parts: Vec<u64> = parts.collect::<Option<_>>()?;
        let &[number, attempt, code, stdout, stderr, results, model] = parts.as_slice() else {
            return None;
        };
        Some(Self {
            number,
            attempt: u32::try_from(attempt).ok()?,
            code,
            stdout: usize::try_from(stdout).ok()?,
            stderr: usize::try_from(stderr).ok()?,
            results: usize::try_from(results).ok()?,
            model: usize::try_from(model).ok()?,
        })
    }

    /// Whether the last program is this one.
    pub(super) fn is_of(&self, attempt: u32, code: &str) -> bool {
        self.attempt == attempt && self.code == of_code(code)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            number,
            attempt,
            code,
            stdout,
            stderr,
            results,
            model,
        } = self;
        write!(
            f,
            "{number}.{attempt}.{code}.{stdout}.{stderr}.{results}.{model}"
        )
    }
}

/// The same in every instance of this version; another version sends a program again.
fn of_code(code: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    code.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_comes_back_from_its_id() {
        let mut mark = Mark::default();
        let text = |text: &str| text.to_owned();
        for event in [
            LiveEvent::Model { text: text("abc") },
            LiveEvent::Attempt {
                number: 2,
                code: text("x"),
                reason: None,
            },
            LiveEvent::Stdout { text: text("é") },
            LiveEvent::Stderr { text: text("e") },
            LiveEvent::Model { text: text("m") },
        ] {
            mark.pass(&event);
        }
        assert_eq!((mark.number, mark.stdout, mark.model), (5, 2, 1));
        assert!(mark.is_of(2, "x") && !mark.is_of(1, "x") && !mark.is_of(2, "y"));
        assert_eq!(Mark::parse(&mark.to_string()), Some(mark));
        for bad in [
            "",
            "7",
            "a.b",
            "1.2.3.4.5.6",
            "1.2.3.4.5.6.7.8",
            "1.-2.3.4.5.6.7",
        ] {
            assert_eq!(Mark::parse(bad), None, "{bad}");
        }
    }
}
