//! What the program does, and how it ended.

use api::tool::Mode;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::connection::Problem;
use crate::parts::elapsed::Elapsed;
use crate::parts::icon::{Icon, Sign};
use crate::parts::live_run::LiveOutput;
use crate::routes::playground::Desk;
use crate::routes::playground::desk::State;
use crate::routes::playground::ending::Ending;

#[component]
pub(super) fn OutputPane() -> impl IntoView {
    let desk: Desk = expect_context();
    let state = Memo::new(move |_| desk.state.get());
    let programs = Memo::new(move |_| desk.run.with(|run| run.mode == Some(Mode::OpenInterpreter)));
    let is_silent = Memo::new(move |_| desk.run.with(|run| run.blocks().next().is_none()));
    let before = move || {
        (state.get() == State::Idle).then(|| {
            view! {
                <div class="playground-empty">
                    <Icon sign=Sign::Playground />
                    <p>"What the program writes and shows appears here, as it comes."</p>
                    <p class="muted"><kbd>"Ctrl"</kbd>" "<kbd>"Enter"</kbd>" runs it."</p>
                </div>
            }
        })
    };
    let under_way = move || {
        let words = match state.get() {
            State::Asking => "Waiting to begin",
            State::Running => "Running",
            _ => return None,
        };
        Some(view! {
            <p class="under-way" role="status"><Icon sign=Sign::Running />{words}" "<span aria-hidden="true"><Elapsed since=desk.since /></span></p>
        })
    };
    let end = move || match state.get() {
        State::Ended => view! { <Ending /> }.into_any(),
        State::Stopped => view! { <Stopped /> }.into_any(),
        State::Failed(problem) => view! { <NotRun problem /> }.into_any(),
        _ => ().into_any(),
    };
    let nothing = move || {
        (state.get() == State::Ended && is_silent.get())
            .then(|| view! { <p class="muted">"It wrote nothing."</p> })
    };
    view! {
        <section class="card playground-out" aria-label="Output">
            <header class="playground-out-head"><h2>"Output"</h2>{under_way}</header>
            {before}
            <h3 class="hidden">"As it came"</h3>
            <LiveOutput run=desk.run programs />
            {nothing}
            {end}
        </section>
    }
}

/// The links to what is kept of a run.
#[component]
pub(super) fn Links() -> impl IntoView {
    let desk: Desk = expect_context();
    let links = desk.run.with_untracked(|run| {
        let execution = run.execution_id.clone().map(|id| {
            view! { <A href=format!("/executions/{id}") attr:class="button">"The execution"</A> }
        });
        let session = run.session_id.clone().map(|id| {
            view! { <A href=format!("/sessions/{id}") attr:class="button">"Session " <span class="mono ending-session">{id.clone()}</span></A> }
        });
        view! { {execution}{session} }
    });
    view! { <div class="page-actions">{links}</div> }
}

#[component]
fn Stopped() -> impl IntoView {
    view! {
        <div class="ending">
            <p class="ending-line"><span class="badge badge-quiet"><Icon sign=Sign::Stop />"Stopped"</span>" You stopped it."</p>
            <Links />
        </div>
    }
}

/// The request was refused, or its events broke off.
#[component]
fn NotRun(problem: Problem) -> impl IntoView {
    let hint = problem
        .hint
        .map(|hint| view! { <p class="state-hint">{hint}</p> });
    view! {
        <div class="ending ending-failed" role="alert">
            <p class="ending-line"><Icon sign=Sign::Bolt /><strong>{problem.what}</strong></p>
            {hint}
            <Links />
        </div>
    }
}
