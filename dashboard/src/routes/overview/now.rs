//! What runs now, and what waits for a person.

use api::history::{ExecutionSummary, Status};
use api::overview::Overview;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::parts::ago::Ago;
use crate::parts::icon::{Icon, Sign};
use crate::parts::status::StatusBadge;
use crate::routes::sessions::first_line;
use crate::text::numbers::count;

#[component]
pub(super) fn Now(overview: Memo<Overview>, now: Memo<Vec<ExecutionSummary>>) -> impl IntoView {
    let tally = |status: Status, sign: Sign, words: &'static str, number: fn(&Overview) -> u64| {
        let number = Memo::new(move |_| overview.with(number));
        let some = move || number.get() > 0;
        let href = format!("/sessions?status={}", status.as_str());
        view! {
            <A href attr:class="now-tally" {..} class:now-some=some>
                <Icon sign />
                <span class="now-number tabular">{move || count(number.get())}</span>
                <span>{words}</span>
            </A>
        }
    };
    let rows = move || now.get();
    let key = |execution: &ExecutionSummary| (execution.execution_id.clone(), execution.status);
    let more = move || {
        let all = overview.with(|overview| overview.running + overview.awaiting_approval);
        let more = all.saturating_sub(now.with(Vec::len) as u64);
        (more > 0)
            .then(|| view! { <p class="muted now-more">{format!("and {} more", count(more))}</p> })
    };
    let quiet = move || {
        now.with(Vec::is_empty).then(
            || view! { <p class="muted now-quiet">"Nothing runs, and nothing waits for you."</p> },
        )
    };
    view! {
        <section class="card now" aria-labelledby="now">
            <h2 id="now">"Now"</h2>
            <div class="now-tallies">
                {tally(Status::Running, Sign::Play, "running", |o| o.running)}
                {tally(Status::AwaitingApproval, Sign::Hand, "awaiting approval", |o| o.awaiting_approval)}
            </div>
            <div class="now-list">
                {quiet}
                <ul><For each=rows key=key let:execution>{row(execution)}</For></ul>
                {more}
            </div>
        </section>
    }
}

fn row(execution: ExecutionSummary) -> impl IntoView {
    view! {
        <li class="now-row">
            <A href=format!("/executions/{}", execution.execution_id) attr:class="now-code">{first_line(&execution.preview)}</A>
            <Ago at=execution.started_at />
            <span class="now-about">
                <StatusBadge status=execution.status />
                <A href=format!("/sessions/{}", execution.session_id) attr:class="row-link">{execution.session_id.clone()}</A>
            </span>
        </li>
    }
}
