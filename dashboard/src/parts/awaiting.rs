//! Four different things to see: loading, empty, filtered to nothing, failed. And a fifth, what was asked for.

use leptos::prelude::*;

use crate::connection::Problem;
use crate::fetched::Fetched;
use crate::parts::icon::{Icon, Sign};

/// What was fetched, once it is there; until then that it is loading, or why it is not.
#[component]
pub(crate) fn Await<T, V>(
    what: Fetched<T>,
    /// How it is made from what is there; made once, and kept up to date by its signal.
    children: impl Fn(Signal<T>) -> V + Send + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let is_there = Memo::new(move |_| what.is_there());
    move || {
        if is_there.get() {
            let stale = move || {
                what.problem()
                    .map(|problem| view! { <Failed problem retry=move || what.again() /> })
            };
            return view! { {stale} {children(what.signal())} }.into_any();
        }
        match what.problem() {
            Some(problem) => view! { <Failed problem retry=move || what.again() /> }.into_any(),
            None => view! { <Loading /> }.into_any(),
        }
    }
}

/// Nothing is there yet. Shown after a moment, since most answers are quicker.
#[component]
pub(crate) fn Loading() -> impl IntoView {
    view! {
        <div class="state state-loading" role="status">
            <span class="skeleton skeleton-wide"></span>
            <span class="skeleton"></span>
            <span class="skeleton skeleton-short"></span>
            <span class="hidden">"Loading"</span>
        </div>
    }
}

/// It could not be had: why, what to do, and trying again.
#[component]
pub(crate) fn Failed(problem: Problem, retry: impl Fn() + 'static) -> impl IntoView {
    let hint = problem
        .hint
        .map(|hint| view! { <p class="state-hint">{hint}</p> });
    view! {
        <div class="state state-failed" role="alert">
            <Icon sign=Sign::Bolt />
            <p class="state-title">{problem.what}</p>
            {hint}
            <button class="button" on:click=move |_| retry()><Icon sign=Sign::Refresh />"Try again"</button>
        </div>
    }
}

/// There is nothing; what would make something is told beneath.
#[component]
pub(crate) fn Empty(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="state state-empty">
            <p class="state-title">{title}</p>
            {children()}
        </div>
    }
}
