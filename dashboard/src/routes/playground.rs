//! Somewhere to try a program: an editor, a session to run it in, and what it does as it does it.

mod desk;
mod ending;
mod examples;
mod kept;
mod options;
mod output;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use api::SessionId;
use api::tool::Mode;

use crate::fetched::fetch;
use crate::parts::editor::Editor;
use crate::parts::icon::{Icon, Sign};
use crate::routes::title;
pub(crate) use desk::{Desk, Place};
use examples::Examples;
use options::Options;
use output::OutputPane;

/// The editor's id.
const EDITOR: &str = "program";

#[component]
pub(crate) fn PlaygroundPage() -> impl IntoView {
    title("Playground");
    let desk = Place::sit_down();
    let session = session_of_page();
    let pick = pick_session();
    let config = fetch(|client| async move { client.config().await });
    let mode = Memo::new(move |_| config.with(|config| config.map(|config| config.mode)));
    // The session of a run stays picked, so that its files are there for the next.
    let of_run = Memo::new(move |_| desk.session());
    {
        let pick = pick.clone();
        Effect::new(move || {
            if let Some(of_run) = of_run.get()
                && session.with_untracked(String::is_empty)
                && !desk.each_anew.get_untracked()
                && !desk.is_left_behind_now()
            {
                pick(of_run);
            }
        });
    }
    let is_bad = Memo::new(move |_| {
        session.with(|session| !session.is_empty() && SessionId::parse(session).is_err())
    });
    let cannot_run =
        Memo::new(move |_| is_bad.get() || desk.text.with(|text| text.trim().is_empty()));
    let run = Callback::new(move |()| {
        if !cannot_run.get_untracked() && !desk.is_under_way_now() {
            desk.run(session.get_untracked());
        }
    });
    let lead = move || match mode.get() {
        Some(Mode::OpenInterpreter) => {
            "Python, or an instruction in words: a model writes the program then, and mends it where it fails."
        }
        _ => "Python, run as an agent's tool call would run it.",
    };
    let label = move || match mode.get() {
        Some(Mode::OpenInterpreter) => "Write Python, or say what it should do",
        _ => "Write Python",
    };
    let button = move || match desk.is_under_way() {
        true => view! {
            <button type="button" class="button button-danger" on:click=move |_| desk.stop()>
                <Icon sign=Sign::Stop />"Stop"
            </button>
        }
        .into_any(),
        false => view! {
            <button
                type="button" class="button button-main" disabled=move || cannot_run.get()
                title="Ctrl+Enter, or Cmd+Enter" on:click=move |_| run.run(())
            ><Icon sign=Sign::Play />"Run"</button>
        }
        .into_any(),
    };
    view! {
        <header class="page-head playground-head">
            <div><h1>"Playground"</h1><p class="muted">{lead}</p></div>
        </header>
        <div class="playground">
            <section class="playground-in" aria-label="Program">
                <div class="playground-bar"><Examples />{button}</div>
                <Editor
                    text=desk.text label="Program" id=EDITOR run=run
                    placeholder=Signal::derive(move || label().to_owned())
                />
                <Options session pick is_bad config />
            </section>
            <OutputPane />
        </div>
    }
}

/// The session in the address.
fn session_of_page() -> Memo<String> {
    let parameters = use_query_map();
    Memo::new(move |_| {
        parameters
            .with(|parameters| parameters.get("session"))
            .unwrap_or_default()
    })
}

/// Picks a session: it is in the address, and what is typed letter by letter does not fill the history.
fn pick_session() -> impl Fn(String) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    move |session: String| {
        let url = match session.is_empty() {
            true => "/playground".to_owned(),
            false => {
                let session = String::from(js_sys::encode_uri_component(&session));
                format!("/playground?session={session}")
            }
        };
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..Default::default()
        };
        navigate(&url, options);
    }
}
