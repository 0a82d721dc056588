//! Which session it is, how large, how old, and what can be done with it.

use api::SessionId;
use api::history::Session;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

use super::files::Files;
use crate::parts::ago::Ago;
use crate::parts::confirm::{Confirm, open};
use crate::parts::copy::Copy;
use crate::parts::icon::{Icon, Sign};
use crate::routes::sessions::delete_session;
use crate::text::numbers::{bytes, count, things};

#[component]
pub(super) fn Header(session: SessionId, now: Signal<Session>, files: Files) -> impl IntoView {
    let id = session.to_string();
    let question = NodeRef::<Dialog>::new();
    let navigate = use_navigate();
    let delete = delete_session(move || navigate("/sessions", Default::default()));
    let confirmed = {
        let id = id.clone();
        move || delete(id.clone())
    };
    // What was listed is newer than what was noted after the last execution.
    let size = Memo::new(move |_| {
        files
            .with(|listing| listing.map(|listing| (listing.total_bytes, listing.total_files)))
            .or_else(|| now.with(|now| now.workspace_bytes.zip(now.workspace_files)))
    });
    let workspace = move || match size.get() {
        Some((size, number)) => format!("{} in {}", bytes(size), things(number, "file", "files")),
        None => "–".to_owned(),
    };
    let copied = id.clone();
    view! {
        <header class="page-head session-head">
            <div class="session-name">
                <h1><span class="hidden">"Session "</span><span class="mono">{id.clone()}</span></h1>
                <Copy small=true label="Copy the session's id" text=move || copied.clone() />
            </div>
            <div class="page-actions">
                <A href=format!("/playground?session={id}") attr:class="button button-main">
                    <Icon sign=Sign::Play />"Run in the playground"
                </A>
                <A href=format!("/prompts?session={id}") attr:class="button"><Icon sign=Sign::Prompts />"Prompt logs"</A>
                <button type="button" class="button" on:click=move |_| open(question)><Icon sign=Sign::Trash />"Delete"</button>
            </div>
        </header>
        <dl class="facts">
            <div><dt>"Last used"</dt><dd><Ago at=Signal::derive(move || now.with(|now| now.updated_at)) /></dd></div>
            <div><dt>"Created"</dt><dd><Ago at=Signal::derive(move || now.with(|now| now.created_at)) /></dd></div>
            <div><dt>"Executions"</dt><dd>{move || count(now.with(|now| now.executions))}</dd></div>
            <div><dt>"Workspace"</dt><dd>{workspace}</dd></div>
        </dl>
        <Confirm node=question title=format!("Delete session {id}?") action="Delete" confirmed>
            <p>"Its executions, prompts and files are gone then. This can't be undone."</p>
        </Confirm>
    }
}
