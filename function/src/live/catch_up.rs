//! What an execution that has ended would have told, from what the history has of it.

use api::history::{Attempt, Execution};
use api::live::LiveEvent;
use api::python::{MimeBundle, Outcome};

use super::Mark;
use crate::answer::failure_line;

/// A part of an execution, in order.
enum Part<'a> {
    /// A model wrote this.
    Reply(u32, &'a str),
    /// This ran.
    Program(Program<'a>),
}

struct Program<'a> {
    number: u32,
    code: &'a str,
    reason: Option<String>,
    stdout: &'a str,
    stderr: &'a str,
    results: &'a [MimeBundle],
}

/// What there is to tell after the mark.
pub fn catch_up(execution: &Execution, mark: &Mark) -> Vec<LiveEvent> {
    let parts = parts(execution);
    let is_last = |part: &Part<'_>| match part {
        Part::Program(program) => mark.is_of(program.number, program.code),
        Part::Reply(..) => false,
    };
    let is_new = |part: &Part<'_>| match part {
        Part::Program(program) => program.number >= mark.attempt,
        Part::Reply(number, _) => *number >= mark.attempt,
    };
    let mut events = Vec::new();
    let mut rest = parts.as_slice();
    // What is not there any more was no program after all: the attempt is told anew.
    match parts.iter().rposition(is_last) {
        Some(at) => {
            if let Part::Program(program) = &parts[at] {
                output(&mut events, program, mark);
            }
            rest = &parts[at + 1..];
        }
        None => rest = &rest[rest.iter().position(is_new).unwrap_or(rest.len())..],
    }
    let mut told = mark.model;
    for part in rest {
        match part {
            Part::Reply(_, text) => {
                let text_told = told.min(text.len());
                told -= text_told;
                events.extend(after(text, text_told).map(|text| LiveEvent::Model { text }));
            }
            Part::Program(program) => {
                told = 0;
                events.push(LiveEvent::Attempt {
                    number: program.number,
                    code: program.code.to_owned(),
                    reason: program.reason.clone(),
                });
                output(&mut events, program, &Mark::default());
            }
        }
    }
    events
}

/// What a program wrote after what was told of it. Which came first of two kinds, the history does not know.
fn output(events: &mut Vec<LiveEvent>, program: &Program<'_>, told: &Mark) {
    let stdout = after(program.stdout, told.stdout);
    let stderr = after(program.stderr, told.stderr);
    events.extend(stdout.map(|text| LiveEvent::Stdout { text }));
    events.extend(stderr.map(|text| LiveEvent::Stderr { text }));
    let results = program.results.iter().skip(told.results);
    events.extend(results.cloned().map(LiveEvent::Result));
}

fn after(text: &str, told: usize) -> Option<String> {
    let rest = text.get(told..)?;
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn parts(execution: &Execution) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut reason = None;
    for attempt in &execution.attempt_list {
        let steps = attempt.steps.iter().map(|step| Program {
            number: attempt.number,
            code: &step.code,
            reason: None,
            stdout: &step.stdout,
            stderr: &step.stderr,
            results: &step.results,
        });
        let last = has_run(attempt).then(|| Program {
            number: attempt.number,
            code: &attempt.code,
            reason: None,
            stdout: &attempt.stdout,
            stderr: &attempt.stderr,
            results: &attempt.results,
        });
        let mut programs = steps.chain(last).peekable();
        if let Some(first) = programs.peek_mut() {
            first.reason = reason.take();
        }
        // A model is asked, what it wrote runs, and it is asked again.
        let mut replies = attempt.exchanges.iter();
        loop {
            let reply = replies.next();
            parts.extend(reply.map(|exchange| Part::Reply(attempt.number, &exchange.reply)));
            let program = programs.next();
            let is_over = reply.is_none() && program.is_none();
            parts.extend(program.map(Part::Program));
            if is_over {
                break;
            }
        }
        reason = why(attempt);
    }
    parts
}

fn has_run(attempt: &Attempt) -> bool {
    let wrote = !(attempt.stdout.is_empty() && attempt.stderr.is_empty());
    attempt.outcome.is_some() || wrote || !attempt.results.is_empty()
}

/// One line of why there was another attempt.
pub(super) fn why(attempt: &Attempt) -> Option<String> {
    let outcome = attempt.outcome.unwrap_or(Outcome::Exception);
    let failed = outcome != Outcome::Ok || attempt.error.is_some();
    failed.then(|| {
        let script = format!("{}, ", attempt.script_name);
        let (limit, error) = (attempt.limit.as_ref(), attempt.error.as_ref());
        failure_line(
            outcome,
            limit,
            error,
            attempt.returncode.unwrap_or_default(),
        )
        .replace(&script, "")
    })
}

#[cfg(test)]
mod tests;
