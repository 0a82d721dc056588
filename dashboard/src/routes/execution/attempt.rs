//! One attempt: its program, what it wrote and showed, how it ended, and what led to it.

use api::history::{Attempt, Step};
use api::python::{Outcome, PythonError};
use leptos::prelude::*;

use crate::browser::origin;
use crate::parts::changed::ChangedFiles;
use crate::parts::code::Code;
use crate::parts::copy::Copy;
use crate::parts::diff::Diff;
use crate::parts::fold::Fold;
use crate::parts::icon::{Icon, Sign};
use crate::parts::output::Output;
use crate::parts::results::Results;
use crate::routes::execution::exchange::Exchanges;
use crate::text::ending;
use crate::text::numbers::{bytes, things};
use crate::text::time::duration;

#[component]
pub(super) fn AttemptCard(
    attempt: Attempt,
    session: String,
    /// The execution.
    id: String,
    marked: Memo<Option<u32>>,
    /// Whether its code waits for a person, who sees it where it can be decided on.
    waits: bool,
) -> impl IntoView {
    let number = attempt.number;
    let place = format!("attempt-{number}");
    let of = format!(" of attempt {number}");
    let link = {
        let place = place.clone();
        move || format!("{}/executions/{id}#{place}", origin())
    };
    let facts = [
        attempt
            .code_execution_time
            .map(|seconds| ("Ran", duration(seconds))),
        attempt
            .peak_memory_bytes
            .map(|peak| ("Peak memory", bytes(peak))),
        attempt
            .returncode
            .filter(|code| *code != 0)
            .map(|code| ("Exit code", code.to_string())),
    ];
    let facts = facts.into_iter().flatten().map(|(name, value)| {
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    });
    let facts = facts.collect::<Vec<_>>();
    let facts = (!facts.is_empty()).then(|| view! { <dl class="fact-row">{facts}</dl> });
    let made = made(attempt.changed_files, &attempt.script_name);
    let files = changed("Files it made or changed", &session, made);
    let steps = attempt.steps.into_iter().enumerate().map(|(index, step)| {
        let of = format!(" of step {}{of}", index + 1);
        view! { <StepFold step number={index + 1} session=session.clone() of /> }
    });
    let steps = steps.collect_view();
    // The error says it as well, as a rule.
    let is_said = |message: &str| {
        attempt
            .error
            .as_ref()
            .is_some_and(|error| error.value == message)
    };
    let limit = attempt.limit.filter(|limit| !is_said(&limit.message));
    let limit = limit.map(|limit| {
        view! { <p class="notice notice-warn"><Icon sign=Sign::Bolt /><span>{limit.message}</span></p> }
    });
    let lost = (attempt.truncated.results > 0).then(|| {
        let lost = things(attempt.truncated.results, "result was", "results were");
        view! { <p class="muted">{format!("{lost} dropped: there were too many, or they were too large")}</p> }
    });
    let exchanges = (!attempt.exchanges.is_empty())
        .then(|| view! { <Exchanges exchanges=attempt.exchanges of=of.clone() /> });
    let is_rejected = attempt.outcome.is_none() && attempt.error.is_some();
    let badge = badge(attempt.outcome, waits, is_rejected);
    let is_shown = !waits && !attempt.code.is_empty();
    let program =
        is_shown.then(|| view! { <Program code=attempt.code diff=attempt.diff number /> });
    let is_marked = move || marked.get() == Some(number);
    view! {
        <article class="card attempt" class:attempt-marked=is_marked id=place.clone()>
            <header class="attempt-head">
                <h3><a href=format!("#{place}") class="attempt-link">"Attempt " {number}</a></h3>
                {badge}
                {facts}
                <Copy small=true label=format!("Copy the link to attempt {number}") text=link />
            </header>
            {exchanges}
            {steps}
            {program}
            {limit}
            {written("Output", attempt.stdout, attempt.truncated.stdout_bytes, false)}
            {written("Standard error", attempt.stderr, attempt.truncated.stderr_bytes, true)}
            <Results results=attempt.results of=of.clone() />
            {lost}
            {attempt.error.map(error)}
            {files}
        </article>
    }
}

/// What a run made or changed; the script that it was kept in is nothing that it made.
fn made(paths: Vec<String>, script: &str) -> Vec<String> {
    paths.into_iter().filter(|path| path != script).collect()
}

fn changed(title: &'static str, session: &str, paths: Vec<String>) -> Option<AnyView> {
    let session = session.to_owned();
    let is_any = !paths.is_empty();
    is_any.then(|| {
        view! { <div class="attempt-files"><h4>{title}</h4><ChangedFiles session paths /></div> }
            .into_any()
    })
}

fn badge(outcome: Option<Outcome>, waits: bool, is_rejected: bool) -> impl IntoView {
    let (class, sign) = match outcome {
        Some(Outcome::Ok) => ("badge badge-good", Sign::Check),
        Some(Outcome::Cancelled) => ("badge badge-quiet", Sign::Stop),
        Some(_) => ("badge badge-bad", Sign::Cross),
        None if waits => ("badge badge-warn", Sign::Hand),
        None if is_rejected => ("badge badge-bad", Sign::Ban),
        None => ("badge badge-warn", Sign::Bolt),
    };
    let not_ended = match (waits, is_rejected) {
        (true, _) => "Waits",
        (_, true) => "Not run",
        _ => "Did not end",
    };
    let word = outcome.map_or(not_ended, ending::outcome);
    view! { <span class=class><Icon sign />{word}</span> }
}

/// The program, and how it differs from the one before.
#[component]
fn Program(code: String, diff: Option<String>, number: u32) -> impl IntoView {
    let has_diff = diff.is_some();
    let shows_diff = RwSignal::new(has_diff);
    let copied = code.clone();
    let tab = move |name: &'static str, is_diff: bool| {
        let is_it = move || shows_diff.get() == is_diff;
        view! {
            <button type="button" class="switch-side" aria-pressed=move || is_it().to_string() on:click=move |_| shows_diff.set(is_diff)>{name}</button>
        }
    };
    let before = number.saturating_sub(1);
    let tabs = has_diff.then(|| {
        view! { <div class="switch" role="group" aria-label=format!("How the code of attempt {number} is shown")>{tab("Changes", true)}{tab("Code", false)}</div> }
    });
    let shown = move || {
        match diff.clone().filter(|_| shows_diff.get()) {
        Some(diff) => {
            view! { <Diff diff label=format!("Changes from attempt {before} to attempt {number}") /> }
                .into_any()
        }
        None => view! { <Code source=code.clone() label=format!("Code of attempt {number}") /> }.into_any(),
    }
    };
    let title = if has_diff {
        format!("Code, changed since attempt {before}")
    } else {
        "Code".to_owned()
    };
    view! {
        <div class="program">
            <header class="program-head">
                <h4>{title}</h4>{tabs}
                <Copy small=true label=format!("Copy the code of attempt {number}") text=move || copied.clone() />
            </header>
            {shown}
        </div>
    }
}

fn written(label: &'static str, text: String, dropped: u64, error: bool) -> Option<AnyView> {
    let is_there = !text.is_empty() || dropped > 0;
    is_there.then(|| view! { <Output text label error dropped /> }.into_any())
}

fn error(error: PythonError) -> impl IntoView {
    let what = match error.value.is_empty() {
        true => error.name,
        false => format!("{}: {}", error.name, error.value),
    };
    let context =
        (!error.context.is_empty()).then(|| view! { <p class="error-context">{error.context}</p> });
    let traceback = (!error.traceback.is_empty())
        .then(|| view! { <Output text=error.traceback label="Traceback" error=true /> });
    view! { <div class="error"><p class="error-what"><Icon sign=Sign::Cross /><span>{what}</span></p>{context}{traceback}</div> }
}

/// A program that ran before the last one of its attempt.
#[component]
fn StepFold(step: Step, number: usize, session: String, of: String) -> impl IntoView {
    let took = duration(step.code_execution_time);
    let lines = things(step.code.lines().count() as u64, "line", "lines");
    let summary = view! {
        <span class="opens-title">"Step " {number}</span>
        <span class="muted">{format!("{lines}, ran in {took}")}</span>
    };
    let label = format!("Code{of}");
    view! {
        <Fold summary>
            <Code source=step.code.clone() label=label.clone() />
            {written("Output", step.stdout.clone(), step.truncated.stdout_bytes, false)}
            {written("Standard error", step.stderr.clone(), step.truncated.stderr_bytes, true)}
            <Results results=step.results.clone() of=of.clone() />
            {changed("Files it made or changed", &session, made(step.changed_files.clone(), &step.script_name))}
        </Fold>
    }
}
