//! What the agent sent, and why.

use api::tool::Mode;
use leptos::prelude::*;

use crate::parts::code::Code;
use crate::parts::copy::Copy;
use crate::parts::fold::Fold;
use crate::parts::long::Long;
use crate::routes::execution::Known;
use crate::text::asked::is_program;
use crate::text::numbers::bytes;

#[component]
pub(super) fn Asked(known: Memo<Known>) -> impl IntoView {
    let code = Memo::new(move |_| known.with(|known| known.code.clone()));
    let is_program = Memo::new(move |_| known.with(|known| is_program(known)));
    // In native mode the program is what ran, and is shown there.
    let ran_as_is = Memo::new(move |_| {
        known.with(|known| known.summary.mode == Mode::Native && !known.attempt_list.is_empty())
    });
    let context = known.with_untracked(|known| known.context.clone());
    let context = context.into_iter().flat_map(|context| {
        [
            ("The person asked", context.user_query),
            ("The agent thought", context.current_thought),
        ]
    });
    let context: Vec<_> = context
        .filter_map(|(name, text)| Some((name, text?)))
        .collect();
    let has_context = !context.is_empty();
    let context = context.into_iter().map(|(name, text)| {
        view! { <div class="asked-why"><dt>{name}</dt><dd>{text}</dd></div> }
    });
    let context =
        has_context.then(|| view! { <dl class="asked-context">{context.collect_view()}</dl> });
    let sent = move || {
        if ran_as_is.get() {
            return None;
        }
        let (title, shown) = match is_program.get() {
            true => (
                "Program",
                view! { <Code source=code label="What the agent sent" /> }.into_any(),
            ),
            false => (
                "Instruction",
                view! { <p class="asked-words" tabindex="0">{move || code.get()}</p> }.into_any(),
            ),
        };
        Some(view! {
            <div class="asked-sent">
                <header class="asked-head"><h3>{title}</h3><Copy small=true label="Copy what was asked" text=move || code.get_untracked() /></header>
                {shown}
            </div>
        })
    };
    let stdin = known.with_untracked(|known| known.stdin.clone());
    let has_stdin = stdin.is_some();
    let stdin = stdin.map(|stdin| {
        let size = bytes(stdin.len() as u64);
        let summary = view! { <span class="opens-title">"Standard input"</span><span class="muted">{size}</span> };
        let text = Signal::stored(stdin);
        view! { <Fold summary><Long text label="Standard input" /></Fold> }
    });
    let is_seen = move || has_context || has_stdin || !ran_as_is.get();
    view! {
        <section class="card asked" class:asked-nothing=move || !is_seen() aria-label="What the agent asked">
            <h2>"What the agent asked"</h2>
            {context}
            {sent}
            {stdin}
        </section>
    }
}
