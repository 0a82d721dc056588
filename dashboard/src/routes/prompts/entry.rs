//! An entry of the log: what it is about, and when it is opened, all of it.

use api::history::{PromptLogEntry, Status};
use api::tool::Mode;
use leptos::prelude::*;
use leptos_router::components::A;

use super::conversation::Conversation;
use super::{Entries, Open};
use crate::parts::ago::Ago;
use crate::parts::copy::Copy;
use crate::parts::fold::Fold;
use crate::parts::icon::{Icon, Sign};
use crate::parts::long::Long;
use crate::parts::status::StatusBadge;
use crate::text::promptlog::instruction;

#[component]
pub(super) fn Entry(id: String, entries: Entries, open: Open) -> impl IntoView {
    let id = StoredValue::new(id);
    let entry = Memo::new(move |before: Option<&Option<PromptLogEntry>>| {
        let found = entries.with(|page| {
            let mut items = page.iter().flat_map(|page| &page.items);
            items
                .find(|entry| id.with_value(|id| entry.execution_id == *id))
                .cloned()
        });
        // What is no longer listed is about to go; until then it stays as it was.
        found.or_else(|| before.cloned().flatten())
    });
    let of = move |look: fn(&PromptLogEntry) -> String| {
        Memo::new(move |_| entry.with(|entry| entry.as_ref().map(look).unwrap_or_default()))
    };
    let line = of(|entry| instruction(&entry.text).to_owned());
    let session = of(|entry| entry.session_id.clone());
    let mode = of(|entry| entry.mode.title().to_owned());
    let status = Memo::new(move |_| {
        entry.with(|entry| entry.as_ref().map_or(Status::Running, |entry| entry.status))
    });
    let begun = entry
        .with_untracked(|entry| entry.as_ref().map(|entry| entry.started_at))
        .unwrap_or_default();
    let asked = entry.with_untracked(|entry| {
        entry
            .as_ref()
            .is_some_and(|entry| entry.mode == Mode::OpenInterpreter)
    });
    let text = of(|entry| entry.text.clone());
    let is_open = Memo::new(move |_| id.with_value(|id| open.has(id)));
    let panel = id.with_value(|id| format!("entry-{id}"));
    let body = {
        let panel = panel.clone();
        move || {
            is_open.get().then(|| {
                view! {
                    <div class="entry-body" id=panel.clone()>
                        {asked.then(|| view! { <Conversation id=id.get_value() /> })}
                        <Block text asked />
                    </div>
                }
            })
        }
    };
    view! {
        <li class="entry" class:entry-open=is_open>
            <div class="entry-head">
                <h2 class="entry-title">
                    <button
                        type="button" data-row="" class="entry-toggle"
                        aria-expanded=move || if is_open.get() { "true" } else { "false" }
                        aria-controls=move || is_open.get().then(|| panel.clone())
                        on:click=move |_| id.with_value(|id| open.toggle(id))
                    >
                        <span class="entry-arrow" aria-hidden="true"></span>
                        <span class="entry-line">{move || if line.with(String::is_empty) { "(empty)".to_owned() } else { line.get() }}</span>
                    </button>
                </h2>
                <p class="entry-about">
                    <StatusBadge status />
                    <span class="badge badge-plain">{mode}</span>
                    <A href=move || format!("/sessions/{}", session.get()) attr:class="row-link">{session}</A>
                    <A href=format!("/executions/{}", id.get_value()) attr:class="entry-link"><Icon sign=Sign::Link />"Execution"</A>
                    <Ago at=begun />
                </p>
            </div>
            {body}
        </li>
    }
}

/// The block as it is in the log. Where there is a conversation above it, it is folded.
#[component]
fn Block(text: Memo<String>, asked: bool) -> impl IntoView {
    let block = move || {
        view! {
            <div class="entry-block">
                <Long text label="Block of prompts.log" />
                <Copy label="Copy" text=move || text.get_untracked() />
            </div>
        }
    };
    match asked {
        true => view! { <Fold summary="As in prompts.log">{block()}</Fold> }.into_any(),
        false => view! {
            <p class="muted">"No model was asked: in native mode code runs as it is."</p>
            {block()}
        }
        .into_any(),
    }
}
