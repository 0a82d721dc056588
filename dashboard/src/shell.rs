//! What is around every page: where one can go, how live it is, light and dark, the keys, and the question for a token.

mod help;
mod token;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::connection::Connection;
use crate::live::{Live, State};
use crate::parts::announce::Announcements;
use crate::parts::icon::{Icon, Sign};
use crate::theme::{Choice, Theme};
use help::Help;
use token::TokenForm;

/// Pages, with their signs.
const PAGES: [(&str, &str, Sign); 5] = [
    ("/", "Overview", Sign::Overview),
    ("/sessions", "Sessions", Sign::Sessions),
    ("/playground", "Playground", Sign::Playground),
    ("/prompts", "Prompt logs", Sign::Prompts),
    ("/settings", "Settings", Sign::Settings),
];

#[component]
pub(crate) fn Shell(children: ChildrenFn) -> impl IntoView {
    let connection = Connection::of_page();
    let needs_token = Memo::new(move |_| connection.needs_token());
    let links = PAGES.map(|(path, name, sign)| {
        view! {
            <li><A href=path exact={path == "/"}><Icon sign /><span>{name}</span></A></li>
        }
    });
    view! {
        <a class="skip" href="#main">"Skip to the page"</a>
        <div class="shell">
            <header class="side">
                <A href="/" attr:class="brand" attr:aria-label="Vivarium, overview">
                    <svg class="brand-sign" viewBox="0 0 32 32" aria-hidden="true">
                        <path d="M5 27V13a11 11 0 0 1 22 0v14z" />
                        <path d="M11 22c5 2 9-1 7-4s-6-1-5-5 5-4 7-2" />
                        <path d="M3 27h26" />
                    </svg>
                    <span>"Vivarium"</span>
                </A>
                <nav aria-label="Pages"><ul>{links}</ul></nav>
                <div class="side-end">
                    <LiveState />
                    <div class="side-tools"><ThemeButton /><Help /></div>
                </div>
            </header>
            <main id="main" tabindex="-1">
                {move || match needs_token.get() {
                    true => view! { <TokenForm /> }.into_any(),
                    false => children().into_any(),
                }}
            </main>
        </div>
        <Announcements />
    }
}

/// How live the page is, in words.
#[component]
fn LiveState() -> impl IntoView {
    let live: Live = expect_context();
    let shown = move || match live.state() {
        State::Connecting => ("Connecting", "connecting to the server", "live"),
        State::Live => ("Live", "changes are shown as they happen", "live live-on"),
        State::Polling => (
            "Live, every 2 s",
            "the stream of changes does not come through; the page asks every two seconds",
            "live live-on",
        ),
        State::Paused => (
            "Paused",
            "nothing is asked for while the page is not seen",
            "live",
        ),
        State::Reconnecting => (
            "Reconnecting",
            "the server does not answer; trying again",
            "live live-off",
        ),
    };
    view! {
        <p class=move || shown().2 title=move || shown().1 role="status">
            <span class="live-dot" aria-hidden="true"></span>
            {move || shown().0}
        </p>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let theme: Theme = expect_context();
    let shown = move || match theme.choice() {
        Choice::System => (Sign::System, "Theme: as the system"),
        Choice::Light => (Sign::Light, "Theme: light"),
        Choice::Dark => (Sign::Dark, "Theme: dark"),
    };
    view! {
        <button
            type="button"
            class="button button-icon"
            title=move || shown().1
            aria-label=move || shown().1
            on:click=move |_| theme.choose(theme.choice().next())
        >
            <Icon sign=Signal::derive(move || shown().0) />
        </button>
    }
}
