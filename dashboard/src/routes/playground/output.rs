//! What the program does, and how it ended.

use api::tool::Mode;
use leptos::html::Section;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
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
        State::LeftBehind => view! { <LeftBehind /> }.into_any(),
        State::Failed(problem) => view! { <NotRun problem /> }.into_any(),
        _ => ().into_any(),
    };
    let nothing = move || {
        (state.get() == State::Ended && is_silent.get())
            .then(|| view! { <p class="muted">"It wrote nothing."</p> })
    };
    let pane = NodeRef::<Section>::new();
    Effect::new(move || {
        if state.get() == State::Asking {
            request_animation_frame(move || bring_into_view(pane.try_get_untracked().flatten()));
        }
    });
    view! {
        <section class="card playground-out" aria-label="Output" node_ref=pane>
            <header class="playground-out-head"><h2>"Output"</h2>{under_way}</header>
            {before}
            <h3 class="hidden">"As it came"</h3>
            <LiveOutput run=desk.run programs />
            {nothing}
            {end}
        </section>
    }
}

/// On a phone it is below what is seen, where nobody would notice that anything happens.
fn bring_into_view(pane: Option<HtmlElement>) {
    let seen = document()
        .document_element()
        .map(|page| page.client_height());
    if let (Some(pane), Some(seen)) = (pane, seen)
        && pane.get_bounding_client_rect().top() > f64::from(seen) - 120.0
    {
        pane.scroll_into_view_with_bool(false);
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

/// The page was loaded again, and what ran is not here any more.
#[component]
fn LeftBehind() -> impl IntoView {
    view! {
        <div class="playground-empty">
            <Icon sign=Sign::Playground />
            <p>"This page was loaded again. What you ran before is kept."</p>
            <Links />
        </div>
    }
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
