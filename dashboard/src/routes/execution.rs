//! One execution: what was asked, what ran in each attempt, what came of it; as it happens while it happens.

mod actions;
mod approval;
mod asked;
mod attempt;
mod exchange;
mod head;
mod running;

use std::sync::Arc;

use api::ExecutionId;
use api::history::{Attempt, Execution, Status};
use api::python::Outcome;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

use crate::connection::Problem;
use crate::fetched::{Fetched, fetch};
use crate::live::Live;
use crate::parts::awaiting::{Await, Empty};
use crate::parts::icon::{Icon, Sign};
use crate::routes::title;
use approval::Approve;
use asked::Asked;
use attempt::AttemptCard;
use head::Head;
use running::{Following, Running};

/// An execution is large, and looked at by many parts.
type Known = Arc<Execution>;

#[component]
pub(crate) fn ExecutionPage(id: String) -> impl IntoView {
    title("Execution");
    match ExecutionId::parse(&id) {
        Ok(id) => view! { <Shown id /> }.into_any(),
        Err(_) => no_such("This is no execution's address"),
    }
}

fn no_such(title: &'static str) -> AnyView {
    view! {
        <h1 class="hidden">"Execution"</h1>
        <Empty title=title>
            <p>"It may have been deleted with its session, or the link is not whole."</p>
            <A href="/sessions" attr:class="button">"Go to the sessions"</A>
        </Empty>
    }
    .into_any()
}

#[component]
fn Shown(id: ExecutionId) -> impl IntoView {
    let execution: Fetched<Known> = {
        let id = id.clone();
        fetch(move |client| {
            let id = id.clone();
            async move { client.execution(&id).await.map(Arc::new) }
        })
    };
    let live: Live = expect_context();
    {
        let id = id.clone();
        live.on_change(move |changes| {
            let is_this =
                |changed: &api::history::ExecutionSummary| changed.execution_id == id.as_str();
            if changes.reset || changes.executions.iter().any(is_this) {
                execution.again();
            }
        });
    }
    // Why a decision was not taken; it outlives the question.
    let refused = RwSignal::new(None::<Problem>);
    let is_missing = Memo::new(move |_| {
        !execution.is_there()
            && execution
                .problem()
                .is_some_and(|problem| problem.status == Some(404))
    });
    move || match is_missing.get() {
        true => no_such("There is no such execution"),
        false => {
            let id = id.clone();
            let title = move || {
                (!execution.is_there()).then(|| view! { <h1 class="hidden">"Execution"</h1> })
            };
            view! {
                {title}
                <Await what=execution let:known><Parts id=id.clone() execution known refused /></Await>
            }
            .into_any()
        }
    }
}

#[component]
fn Parts(
    id: ExecutionId,
    execution: Fetched<Known>,
    known: Signal<Known>,
    refused: RwSignal<Option<Problem>>,
) -> impl IntoView {
    let known = Memo::new(move |_| known.get());
    let status = Memo::new(move |_| known.with(|known| known.summary.status));
    let following = Following::begin(id, execution, status);
    let ended = Memo::new(move |_| {
        known.with(|known| {
            let ended = known
                .attempt_list
                .iter()
                .filter(|attempt| attempt.outcome.is_some());
            ended
                .map(|attempt| attempt.number)
                .max()
                .unwrap_or_default()
        })
    });
    let proposed = Memo::new(move |_| {
        known.with(|known| {
            let waits = known.summary.status == Status::AwaitingApproval;
            known.proposed_code.clone().filter(|_| waits)
        })
    });
    let approval = move || {
        let proposed = proposed.get()?;
        Some(view! { <Approve proposed execution refused /> })
    };
    let is_running = Memo::new(move |_| status.get() == Status::Running);
    let running = move || {
        is_running
            .get()
            .then(|| view! { <Running following known ended /> })
    };
    let notice = move || {
        refused
            .get()
            .map(|problem| view! { <Notice problem refused /> })
    };
    view! {
        <Head known />
        {notice}
        {move || (status.get() == Status::Interrupted).then(|| view! { <Interrupted /> })}
        <div class="execution">
            <Asked known />
            <div class="execution-runs">
                {approval}
                <Attempts known is_running />
                {running}
            </div>
        </div>
    }
}

/// Those that have ended; the one under way is shown as it happens.
#[component]
fn Attempts(known: Memo<Known>, is_running: Memo<bool>) -> impl IntoView {
    let shown = move || {
        let running = is_running.get();
        known.with(|known| {
            let attempts = known.attempt_list.iter();
            let shown = attempts.filter(|attempt| !running || attempt.outcome.is_some());
            let waits = known.summary.status == Status::AwaitingApproval;
            let waits =
                |attempt: &Attempt| waits && attempt.outcome.is_none() && attempt.error.is_none();
            shown
                .map(|attempt| (waits(attempt), attempt.clone()))
                .collect::<Vec<_>>()
        })
    };
    let several = Memo::new(move |_| known.with(|known| known.attempt_list.len() > 1));
    let marked = marked(known);
    let session = known.with_untracked(|known| known.summary.session_id.clone());
    let id = known.with_untracked(|known| known.summary.execution_id.clone());
    let none = move || {
        let nothing = known.with(|known| known.attempt_list.is_empty());
        let waits = known.with(|known| known.summary.status == Status::AwaitingApproval);
        (nothing && !waits && !is_running.get())
            .then(|| view! { <p class="muted">"Nothing was run."</p> })
    };
    let has_any = Memo::new(move |_| known.with(|known| !known.attempt_list.is_empty()));
    view! {
        <h2 class="hidden">{move || if has_any.get() && several.get() { "Attempts" } else { "What ran" }}</h2>
        {none}
        <For each=shown key=|(waits, attempt)| (*waits, looks(attempt)) let((waits, attempt))>
            <AttemptCard attempt waits session=session.clone() id=id.clone() marked />
        </For>
    }
}

/// What of an attempt makes it another thing to see.
fn looks(attempt: &Attempt) -> (u32, Option<Outcome>, [usize; 6]) {
    let sizes = [
        attempt.code.len(),
        attempt.stdout.len(),
        attempt.stderr.len(),
        attempt.results.len(),
        attempt.steps.len(),
        attempt.exchanges.len(),
    ];
    (attempt.number, attempt.outcome, sizes)
}

/// The attempt that the address names. The page goes there when it is there, and when another is named.
fn marked(known: Memo<Known>) -> Memo<Option<u32>> {
    let hash = use_location().hash;
    let marked = Memo::new(move |_| {
        let hash = hash.get();
        let number = hash.trim_start_matches('#').strip_prefix("attempt-")?;
        number.parse::<u32>().ok()
    });
    let last = move || known.with(|known| known.attempt_list.last().map_or(0, |last| last.number));
    let is_there = Memo::new(move |_| marked.get().filter(|number| *number <= last()));
    Effect::new(move || {
        if let Some(number) = is_there.get() {
            request_animation_frame(move || {
                if let Some(card) = document().get_element_by_id(&format!("attempt-{number}")) {
                    card.scroll_into_view();
                }
            });
        }
    });
    marked
}

#[component]
fn Interrupted() -> impl IntoView {
    view! {
        <div class="notice notice-warn">
            <Icon sign=Sign::Bolt />
            <p><strong>"Vivarium went down while this ran."</strong>" What it had written until then is kept below; files that it wrote are in the session. It was not run again by itself."</p>
        </div>
    }
}

/// A decision that was not taken.
#[component]
fn Notice(problem: Problem, refused: RwSignal<Option<Problem>>) -> impl IntoView {
    let hint = problem.hint.map(|hint| format!(": {hint}"));
    view! {
        <div class="notice notice-bad" role="alert">
            <Icon sign=Sign::Hand />
            <p><strong>{problem.what}</strong>{hint}</p>
            <button type="button" class="button button-icon" aria-label="Close" title="Close" on:click=move |_| refused.set(None)>
                <Icon sign=Sign::Close />
            </button>
        </div>
    }
}
