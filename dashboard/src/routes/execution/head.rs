//! What an execution is, at a glance.

use api::history::Status;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::parts::ago::Ago;
use crate::parts::elapsed::Elapsed;
use crate::parts::status::StatusBadge;
use crate::routes::execution::Known;
use crate::routes::execution::actions::Actions;
use crate::text::numbers::count;
use crate::text::time::duration;

#[component]
pub(super) fn Head(known: Memo<Known>) -> impl IntoView {
    let (id, session, started) = known.with_untracked(|known| {
        let summary = &known.summary;
        (
            summary.execution_id.clone(),
            summary.session_id.clone(),
            summary.started_at,
        )
    });
    let status = Memo::new(move |_| known.with(|known| known.summary.status));
    let took = move || {
        let time = known.with(|known| known.summary.execution_time);
        match (status.get(), time) {
            (Status::Running, _) => view! { <Elapsed since=started.as_millisecond() /> }.into_any(),
            (_, Some(seconds)) => duration(seconds).into_any(),
            _ => "–".into_any(),
        }
    };
    let model = move || {
        let model = known.with(|known| known.model.clone())?;
        Some(view! { <div><dt>"Model"</dt><dd>{model}</dd></div> })
    };
    let tokens = move || {
        let tokens = known.with(|known| known.tokens)?;
        let about = if tokens.estimated { "about " } else { "" };
        let parts = format!(
            "{} read, {} written",
            count(tokens.prompt),
            count(tokens.completion)
        );
        Some(
            view! { <div><dt>"Tokens"</dt><dd title=parts>{about}{count(tokens.total)}</dd></div> },
        )
    };
    let timeout = known.with_untracked(|known| known.timeout);
    let timeout = timeout.map(|seconds| {
        view! { <div><dt>"Time limit"</dt><dd title="What the call asked for">{duration(seconds)}</dd></div> }
    });
    let error = move || {
        // That it waits is said where it can be decided.
        let error = known.with(|known| known.summary.error.clone());
        let error = error.filter(|_| status.get() != Status::AwaitingApproval)?;
        Some(view! { <p class="execution-error">{error}</p> })
    };
    let mode = known.with_untracked(|known| known.summary.mode.title());
    let attempts = move || known.with(|known| known.summary.attempts.to_string());
    view! {
        <header class="page-head execution-head">
            <div class="execution-title">
                <h1>"Execution " <span class="mono execution-id">{id}</span></h1>
                <span role="status"><StatusBadge status /></span>
            </div>
            <Actions known />
        </header>
        {error}
        <dl class="fact-row execution-facts">
            <div><dt>"Session"</dt><dd><A href=format!("/sessions/{session}") attr:class="mono">{session.clone()}</A></dd></div>
            <div><dt>"Started"</dt><dd><Ago at=started /></dd></div>
            <div><dt>"Took"</dt><dd>{took}</dd></div>
            {timeout}
            <div><dt>"Mode"</dt><dd>{mode}</dd></div>
            {model}
            <div><dt>"Attempts"</dt><dd>{attempts}</dd></div>
            {tokens}
        </dl>
    }
}
