//! A session: what was run in it, beside the files that are in its workspace.

mod delete;
mod download;
mod dropped;
mod files;
mod header;
mod place;
mod preview;
mod sending;
mod shown;
mod table;
mod timeline;
mod tree;
mod upload_list;
mod uploads;
mod workspace;

use std::time::Duration;

use api::SessionId;
use api::history::{Session, Status};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};

use crate::fetched::fetch;
use crate::live::Live;
use crate::parts::awaiting::{Await, Empty};
use crate::routes::title;
use crate::text::address::Address;
use files::Files;
use header::Header;
use timeline::{Runs, Timeline};
use workspace::Workspace;

const NOT_FOUND: u16 = 404;
/// Between two looks at the files of a program that runs.
const EVERY: Duration = Duration::from_secs(2);

#[component]
pub(crate) fn SessionPage(id: String) -> impl IntoView {
    match SessionId::parse(&id) {
        Ok(session) => {
            title(&format!("Session {session}"));
            view! { <Known session /> }.into_any()
        }
        Err(error) => {
            title("No session");
            view! { <Unknown why=error.to_string() /> }.into_any()
        }
    }
}

/// There is no such session, or no more.
#[component]
fn Unknown(why: String) -> impl IntoView {
    view! {
        <header class="page-head"><h1>"There is no such session"</h1></header>
        <Empty title="It is not here">
            <p class="state-hint">{why}</p>
            <A href="/sessions" attr:class="button button-main">"All sessions"</A>
        </Empty>
    }
}

#[component]
fn Known(session: SessionId) -> impl IntoView {
    let id = session.clone();
    let known = fetch(move |client| {
        let id = id.clone();
        async move { client.session(&id).await }
    });
    let is_unknown = Memo::new(move |_| {
        known
            .problem()
            .is_some_and(|problem| problem.status == Some(NOT_FOUND))
    });
    let why = format!(
        "Session {session} was deleted, or never began: a session begins with a tool call or a file."
    );
    move || match is_unknown.get() {
        true => view! { <Unknown why=why.clone() /> }.into_any(),
        false => {
            let session = session.clone();
            view! {
                <Await what=known let:now><Page session=session.clone() now known /></Await>
            }
            .into_any()
        }
    }
}

#[component]
fn Page(
    session: SessionId,
    now: Signal<Session>,
    known: crate::fetched::Fetched<Session>,
) -> impl IntoView {
    let live: Live = expect_context();
    let files = Files::of(session.clone());
    let runs = Runs::of(session.clone(), live);
    let id = session.clone();
    live.on_change(move |changes| {
        let ours = changes.reset
            || changes
                .sessions
                .iter()
                .any(|session| session == id.as_str())
            || changes
                .executions
                .iter()
                .any(|run| run.session_id == id.as_str());
        if ours {
            known.again();
            files.refresh();
        }
    });
    while_it_runs(now, files);
    let address = address();
    let view = move || {
        address.with(|address| {
            if shows_files(address) {
                "files"
            } else {
                "executions"
            }
        })
    };
    let total = Signal::derive(move || now.with(|now| now.executions));
    view! {
        <Header session=session.clone() now files />
        <Views session=session.clone() address />
        <div class="session" data-view=view>
            <Timeline runs total />
            <Workspace files address />
        </div>
    }
}

/// Asks again and again for the files while a program runs: of what it writes nobody tells before its end.
fn while_it_runs(now: Signal<Session>, files: Files) {
    let runs = Memo::new(move |_| now.with(|now| now.last_status == Some(Status::Running)));
    Effect::new(move || {
        let asking = runs.get().then(|| {
            let ask = move || {
                if files.are_few() && !document().hidden() {
                    files.refresh();
                }
            };
            set_interval_with_handle(ask, EVERY).ok()
        });
        on_cleanup(move || {
            if let Some(asking) = asking.flatten() {
                asking.clear();
            }
        });
    });
}

/// On a narrow page: the executions, or the files. On a wide one both are there.
#[component]
fn Views(session: SessionId, address: Memo<Address>) -> impl IntoView {
    let link = move |name: &'static str, files: bool| {
        let href = Address {
            files,
            ..Address::default()
        }
        .of(session.as_str());
        let current = move || (address.with(shows_files) == files).then_some("true");
        view! { <a href=href data-noscroll="" aria-current=current>{name}</a> }
    };
    view! {
        <nav class="session-views" aria-label="Parts of the session">
            {link("Executions", false)}
            {link("Files", true)}
        </nav>
    }
}

fn shows_files(address: &Address) -> bool {
    address.files || !address.file.is_empty() || !address.q.is_empty()
}

/// What the address of this page says.
fn address() -> Memo<Address> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| Address::read(search)))
}

/// Goes to another address of the same session. What is typed letter by letter does not fill the history.
fn go(session: SessionId) -> impl Fn(Address, bool) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |address, replace| {
        navigate(
            &address.of(session.as_str()),
            NavigateOptions {
                replace,
                scroll: false,
                ..Default::default()
            },
        );
    }
}
