//! Sessions, the one that was used last first.

use std::time::Duration;

use api::SessionId;
use api::client::PageOf;
use api::history::{Session, Status};
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use crate::browser::now_ms;
use crate::connection::Connection;
use crate::fetched::fetch;
use crate::live::Live;
use crate::parts::ago::Ago;
use crate::parts::announce::Announcer;
use crate::parts::awaiting::Await;
use crate::parts::confirm::{Confirm, open};
use crate::parts::filters::{Filters, query_of_page};
use crate::parts::icon::{Icon, Sign};
use crate::parts::listed::Listed;
use crate::parts::pages::Pages;
use crate::parts::status::StatusBadge;
use crate::routes::title;
use crate::text::numbers::{bytes, count, things};
use crate::throttle::throttled;

const ROWS: u32 = 50;
/// How often the list is asked for at most, however much happens.
const PAUSE: Duration = Duration::from_secs(1);

#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    title("Sessions");
    let query = query_of_page();
    let sessions = fetch(move |client| {
        let query = query.get();
        async move {
            let page = PageOf {
                limit: Some(ROWS),
                cursor: query.cursor.clone(),
            };
            client.sessions(&query.filter(now_ms()), &page).await
        }
    });
    let live: Live = expect_context();
    let refresh = throttled(PAUSE, move || sessions.again());
    live.on_change(move |_| refresh());
    let doomed = RwSignal::new(String::new());
    let question = NodeRef::<Dialog>::new();
    let ask = move |id: String| {
        doomed.set(id);
        open(question);
    };
    let delete = delete_session(move || sessions.again());
    view! {
        <header class="page-head"><h1>"Sessions"</h1></header>
        <Filters search="Search by id, code or error" />
        <Await what=sessions let:page>
            <Listed
                is_empty=Signal::derive(move || page.with(|page| page.items.is_empty()))
                path="/sessions"
                nothing="No session is like that"
                none="No sessions yet"
                why="A session begins with the first tool call that an agent makes."
            >
                <List page ask />
            </Listed>
        </Await>
        <Confirm
            node=question
            title=Signal::derive(move || format!("Delete session {}?", doomed.get()))
            action="Delete"
            confirmed=move || delete(doomed.get_untracked())
        >
            <p>"Its executions, prompts and files are gone then. This can't be undone."</p>
        </Confirm>
    }
}

/// Deletes a session, says how that went, and calls `then` when it is gone.
pub(crate) fn delete_session(
    then: impl Fn() + Clone + 'static,
) -> impl Fn(String) + Clone + 'static {
    let connection = Connection::of_page();
    let announcer = Announcer::of_page();
    move |id: String| {
        let then = then.clone();
        spawn_local(async move {
            let Ok(session) = SessionId::parse(&id) else {
                return;
            };
            match connection.client_now().delete_session(&session).await {
                Ok(()) => {
                    announcer.say(format!("Session {id} is deleted"));
                    then();
                }
                Err(error) => announcer.say(connection.problem(&error).what),
            }
        });
    }
}

#[component]
fn List(
    page: Signal<api::history::Page<Session>>,
    ask: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let rows = move || page.with(|page| page.items.clone());
    // What a row shows is in its key: a row that stands otherwise is another row.
    let key = |session: &Session| {
        let Session {
            session_id,
            updated_at,
            executions,
            workspace_bytes,
            ..
        } = session;
        let status = session.last_status.map_or("", Status::as_str);
        (
            session_id.clone(),
            *updated_at,
            *executions,
            status,
            *workspace_bytes,
        )
    };
    view! {
        <div class="table-scroll">
            <table class="table sessions">
                <thead><tr>
                    <th>"Session"</th><th>"Last outcome"</th><th>"Last used"</th>
                    <th class="number">"Executions"</th><th class="number">"Workspace"</th><th><span class="hidden">"Delete"</span></th>
                </tr></thead>
                <tbody><For each=rows key=key let:session>{row(session, ask)}</For></tbody>
            </table>
        </div>
        <Pages next=Signal::derive(move || page.with(|page| page.next_cursor.clone())) />
    }
}

fn row(session: Session, ask: impl Fn(String) + 'static) -> impl IntoView {
    let id = session.session_id.clone();
    let workspace = match (session.workspace_bytes, session.workspace_files) {
        (Some(size), Some(files)) => {
            view! { <span title=things(files, "file", "files")>{bytes(size)}</span> }.into_any()
        }
        _ => view! { <span class="muted">"–"</span> }.into_any(),
    };
    let status = session
        .last_status
        .map(|status| view! { <StatusBadge status=status /> });
    view! {
        <tr>
            <td class="sessions-name">
                <A href=format!("/sessions/{}", session.session_id) attr:data-row="" attr:class="row-link">{session.session_id.clone()}</A>
                <span class="sessions-preview">{first_line(session.preview.as_deref().unwrap_or("files only"))}</span>
            </td>
            <td>{status}</td>
            <td><Ago at=session.updated_at /></td>
            <td class="number">{count(session.executions)}</td>
            <td class="number">{workspace}</td>
            <td class="number">
                <button
                    type="button" class="button button-icon button-quiet" title="Delete" aria-label=format!("Delete session {id}")
                    on:click=move |_| ask(id.clone())
                ><Icon sign=Sign::Trash /></button>
            </td>
        </tr>
    }
}

/// The line by which a program is recognised.
pub(crate) fn first_line(code: &str) -> String {
    code.lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default()
        .to_owned()
}
