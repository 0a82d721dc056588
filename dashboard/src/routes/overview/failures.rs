//! What failed last.

use api::history::ExecutionSummary;
use api::overview::Overview;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::parts::ago::Ago;
use crate::parts::status::StatusBadge;
use crate::routes::sessions::first_line;

#[component]
pub(super) fn Failures(overview: Memo<Overview>, words: Memo<&'static str>) -> impl IntoView {
    let rows = move || overview.with(|overview| overview.latest_failures.clone());
    let none = Memo::new(move |_| overview.with(|overview| overview.latest_failures.is_empty()));
    let key = |execution: &ExecutionSummary| (execution.execution_id.clone(), execution.status);
    view! {
        <section class="page-section" aria-labelledby="failures">
            <h2 id="failures">"Latest failures"</h2>
            {move || match none.get() {
                true => view! { <p class="card muted">{move || format!("Nothing failed in the {}.", words.get())}</p> }.into_any(),
                false => view! {
                    <ul class="failures"><For each=rows key=key let:execution>{row(execution)}</For></ul>
                }.into_any(),
            }}
        </section>
    }
}

fn row(execution: ExecutionSummary) -> impl IntoView {
    let error = execution
        .error
        .unwrap_or_else(|| "no error was told".to_owned());
    view! {
        <li class="failure">
            <span class="failure-status"><StatusBadge status=execution.status /></span>
            <span class="failure-what">
                <A href=format!("/executions/{}", execution.execution_id) attr:data-row="" attr:class="failure-error">{first_line(&error)}</A>
                <span class="failure-code">{first_line(&execution.preview)}</span>
            </span>
            <A href=format!("/sessions/{}", execution.session_id) attr:class="row-link failure-session">{execution.session_id.clone()}</A>
            <span class="failure-when"><Ago at=execution.started_at /></span>
        </li>
    }
}
