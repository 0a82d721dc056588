//! One program: looked at, and run.

use std::pin::pin;
use std::time::Duration;

use api::history::{Attempt, Step};
use api::python::{Limit, LimitHit, Outcome, PythonError};
use futures::future::{Either, select};
use spin_sdk::time::sleep;

use super::super::run::{record, request, run};
use super::{Work, briefing};
use crate::answer::{bounded, failure_line, shown_results};
use crate::error::Refusal;
use crate::log;
use crate::python::PythonService;
use crate::repair::machine::{Event, Ran, Verdict};
use crate::repair::policy::{self, Checked};

/// How long the checker may take: it only parses.
const CHECK_TIMEOUT_MS: u64 = 10_000;
/// A program that has not ended after this is Python.
const COMPILED_WITHIN: Duration = Duration::from_millis(100);

/// Characters of output and of a traceback that the loop keeps: more is not shown to a model.
const MAX_KEPT_CHARS: usize = 8_000;

fn kept(error: &PythonError) -> PythonError {
    PythonError {
        name: error.name.clone(),
        value: bounded(&error.value, MAX_KEPT_CHARS),
        traceback: bounded(&error.traceback, MAX_KEPT_CHARS),
        context: bounded(&error.context, MAX_KEPT_CHARS),
    }
}

impl Work<'_> {
    /// Has the checker look at code, in a sandbox that sees nothing of the session.
    pub(super) async fn check(&mut self, code: String) -> Result<Event, Refusal> {
        self.take_up(&code);
        let policy = match self.settings.safe_mode {
            true => briefing::parsed(policy::PATH, |text| {
                policy::validate(text).map(|()| text.to_owned())
            })?,
            false => policy::NOTHING.to_owned(),
        };
        let mut request = request(
            self.settings,
            self.call,
            policy::CHECK,
            "check.py".to_owned(),
        );
        request.stdin = policy::check_input(&code, &policy);
        request.timeout_ms = CHECK_TIMEOUT_MS.min(self.left_ms());
        request.scratch = true;
        let (output, _) = PythonService::new(&self.settings.python_url)
            .output(&self.call.session_id, &request)
            .await?;
        // It may have run out of time or memory, over code that was made for that.
        let checked = Checked::parse(&output).unwrap_or_else(|error| {
            log::warn(format!("the checker found nothing out: {error}"));
            Checked::default()
        });
        let verdict = match (checked.refusal(), checked.error) {
            (Some(refused), _) => Verdict::Refused(refused),
            (None, Some(error)) => Verdict::NotPython(error),
            (None, None) => Verdict::Allowed,
        };
        Ok(Event::Checked(verdict))
    }

    /// Runs code in the session's workspace.
    pub(super) async fn run(&mut self, code: String) -> Result<Event, Refusal> {
        let first_as_given = self.runs == 0 && code == self.call.code;
        self.take_up(&code);
        // What the caller sent is recorded since the beginning.
        if !first_as_given {
            self.progress.note().await;
        }
        // What a model wrote is not refused any more; what a person let run may be, and can be let run again.
        if !first_as_given && self.again.is_none() {
            Self::accept(&mut self.accepted);
        }
        self.runs += 1;
        let mut request = request(
            self.settings,
            self.call,
            &code,
            self.call.script_name(self.runs),
        );
        request.timeout_ms = request.timeout_ms.min(self.left_ms());
        let live = self.progress.live();
        let number = self.machine.attempt();
        let is_first = self.progress.attempt().steps.is_empty();
        let failed = self.machine.failed().last().filter(|_| is_first);
        let reason = failed.map(|failed| failed.ran.error_line.clone());
        // What the caller sent may be an instruction.
        let told = || match first_as_given {
            true => live.hold(number, &code, reason),
            false => live.attempt(number, &code, reason),
        };
        let work = run(self.settings, self.call, &request, self.progress, told);
        let mut work = pin!(work);
        // What is no Python has done nothing by then, and the model may yet be out of reach.
        let finished = match select(&mut work, pin!(sleep(COMPILED_WITHIN))).await {
            Either::Left((finished, _)) => finished,
            Either::Right(_) => {
                Self::accept(&mut self.accepted);
                live.release();
                work.await
            }
        };
        let finished = finished?.map_err(Refusal::from)?;
        let compiled = finished.compiled;
        if compiled {
            live.release();
            Self::accept(&mut self.accepted);
        } else {
            live.withdraw();
        }
        self.code_seconds += finished.code_ms / 1000.0;
        let mut attempt = self.progress.attempt();
        self.files = Some(record(&mut attempt, finished));
        // It had what was left of the call's time.
        if let Some(limit) = attempt
            .limit
            .as_mut()
            .filter(|limit| limit.name == Limit::Timeout)
        {
            *limit = LimitHit::new(Limit::Timeout, self.call.timeout_ms);
        }
        let outcome = attempt.outcome.unwrap_or(Outcome::Crashed);
        let script = format!("{}, ", attempt.script_name);
        let shown = shown_results(&attempt.results);
        let parts = [
            attempt.stdout.trim_end(),
            shown.trim_end(),
            attempt.stderr.trim_end(),
        ];
        let output = parts.into_iter().filter(|part| !part.is_empty());
        Ok(Event::Ran(Ran {
            outcome,
            has_run: true,
            compiled,
            output: bounded(&output.collect::<Vec<_>>().join("\n"), MAX_KEPT_CHARS),
            error: attempt.error.as_ref().map(kept),
            limit: attempt.limit.clone(),
            truncated: attempt.truncated != Default::default(),
            error_line: failure_line(
                outcome,
                attempt.limit.as_ref(),
                attempt.error.as_ref(),
                attempt.returncode.unwrap_or_default(),
            )
            // The same mistake in another attempt's script is the same.
            .replace(&script, ""),
        }))
    }

    /// Makes code the attempt's own; what ran before in the attempt becomes a step.
    pub(super) fn take_up(&self, code: &str) {
        let mut attempt = self.progress.attempt();
        if attempt.outcome.is_some() {
            let started_at = attempt.started_at;
            let fresh = Attempt::new(attempt.number, String::new(), String::new(), started_at);
            let before = std::mem::replace(&mut *attempt, fresh);
            attempt.steps = before.steps;
            attempt.exchanges = before.exchanges;
            attempt.steps.push(Step {
                code: before.code,
                script_name: before.script_name,
                stdout: before.stdout,
                stderr: before.stderr,
                results: before.results,
                truncated: before.truncated,
                code_execution_time: before.code_execution_time.unwrap_or_default(),
                changed_files: before.changed_files,
            });
        }
        code.clone_into(&mut attempt.code);
        attempt.script_name = self.call.script_name(self.runs + 1);
    }
}
