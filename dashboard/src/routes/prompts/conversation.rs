//! What was said between us and the model, loaded when it is looked at.

use std::time::Duration;

use api::ExecutionId;
use api::history::{Execution, Role};
use leptos::prelude::*;

use crate::fetched::fetch;
use crate::live::Live;
use crate::parts::awaiting::Await;
use crate::parts::code::coloured;
use crate::parts::copy::Copy;
use crate::parts::fold::Fold;
use crate::parts::icon::{Icon, Sign};
use crate::text::conversation::{Piece, Reply, Turn, pieces, turns};
use crate::text::numbers::{bytes, count};
use crate::text::pages::head;
use crate::text::time::duration;
use crate::throttle::throttled;

const PAUSE: Duration = Duration::from_secs(1);
/// As much of one turn is laid out in a moment; the log beneath has all of it.
const MAX_BYTES: usize = 64 << 10;

#[component]
pub(super) fn Conversation(id: String) -> impl IntoView {
    let Ok(id) = ExecutionId::parse(&id) else {
        return view! { <p class="muted">"This is no execution's id."</p> }.into_any();
    };
    let id = StoredValue::new(id);
    let execution = fetch(move |client| async move { client.execution(&id.get_value()).await });
    let refresh = throttled(PAUSE, move || execution.again());
    let live: Live = expect_context();
    live.on_change(move |changes| {
        let mine = |changed: &str| id.with_value(|id| id.as_str() == changed);
        if changes.reset
            || changes
                .executions
                .iter()
                .any(|execution| mine(&execution.execution_id))
        {
            refresh();
        }
    });
    view! { <Await what=execution let:execution><Turns execution /></Await> }.into_any()
}

#[component]
fn Turns(execution: Signal<Execution>) -> impl IntoView {
    let attempts = Memo::new(move |_| execution.with(|execution| turns(&execution.attempt_list)));
    let none = move || {
        attempts
            .with(Vec::is_empty)
            .then(|| view! { <p class="muted">"No model was asked: the code ran as it was."</p> })
    };
    // What is in an attempt is in its key, so that what is there stays while more is said.
    let rows = move || {
        let turns = attempts.get().into_iter().flat_map(|(number, turns)| {
            turns
                .into_iter()
                .enumerate()
                .map(move |(index, turn)| (number, index, turn))
        });
        turns.collect::<Vec<_>>()
    };
    view! {
        {none}
        <ol class="turns">
            <For each=rows key=|(number, index, turn)| (*number, *index, turn.text.len()) let:row>{
                let (number, index, turn) = row;
                let class = class(turn.role);
                view! {
                    <li class=class>
                        {(index == 0).then(|| view! { <h3 class="turn-attempt">{format!("Attempt {number}")}</h3> })}
                        {said(turn)}
                    </li>
                }
            }</For>
        </ol>
    }
}

fn class(role: Role) -> &'static str {
    match role {
        Role::System => "turn turn-system",
        Role::User => "turn turn-user",
        Role::Assistant => "turn turn-assistant",
    }
}

fn said(turn: Turn) -> AnyView {
    let (word, copy) = match turn.role {
        Role::System => ("System", "Copy the system prompt"),
        Role::User => ("User", "Copy the prompt"),
        Role::Assistant => ("Assistant", "Copy the reply"),
    };
    let failed = turn
        .reply
        .as_ref()
        .and_then(|reply| reply.error.clone())
        .map(|error| {
            view! { <p class="turn-error"><Icon sign=Sign::Bolt />{error}</p> }
        });
    let about = turn.reply.as_ref().map(about);
    let text = turn.text;
    if turn.role == Role::System {
        // The same in every conversation, and long.
        let size = bytes(text.len() as u64);
        let summary =
            view! { <span class="turn-role">{word}</span><span class="muted">{size}</span> };
        return view! { <Fold summary>{content(&text)}</Fold> }.into_any();
    }
    let shown = content(&text);
    let copy = view! { <Copy small=true label=copy text=move || text.clone() /> };
    view! {
        <div class="turn-box">
            <div class="turn-head"><span class="turn-role">{word}</span><span class="muted turn-about">{about}</span>{copy}</div>
            {shown}
            {failed}
        </div>
    }
    .into_any()
}

fn about(reply: &Reply) -> String {
    let tokens = reply.tokens;
    let about = if tokens.estimated { "about " } else { "" };
    format!(
        "{}, {about}{} tokens read, {} written",
        duration(reply.seconds),
        count(tokens.prompt),
        count(tokens.completion)
    )
}

/// Words as they are, and code in colours.
fn content(text: &str) -> impl IntoView + use<> {
    let shown = head(text, MAX_BYTES);
    let rest = (text.len() - shown.len()) as u64;
    let rest = (rest > 0).then(|| view! { <p class="muted">{format!("{} more: see the log beneath, or copy it", bytes(rest))}</p> });
    let pieces = pieces(shown).into_iter().map(|piece| match piece {
        Piece::Words(words) => view! { <p class="turn-words">{words.to_owned()}</p> }.into_any(),
        Piece::Code(code) => {
            view! { <pre class="turn-code" tabindex="0"><code>{coloured(code)}</code></pre> }
                .into_any()
        }
    });
    view! { {pieces.collect_view()} {rest} }
}
