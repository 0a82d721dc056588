//! Which page is where, and what all of them share.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_params_map;
use leptos_router::path;

use crate::clock::Clock;
use crate::connection::Connection;
use crate::keys;
use crate::live::Live;
use crate::parts::announce::Announcer;
use crate::routes::execution::ExecutionPage;
use crate::routes::not_found::NotFound;
use crate::routes::overview::OverviewPage;
use crate::routes::playground::{Desk, PlaygroundPage};
use crate::routes::prompts::PromptsPage;
use crate::routes::session::SessionPage;
use crate::routes::sessions::SessionsPage;
use crate::routes::settings::SettingsPage;
use crate::shell::Shell;
use crate::theme::Theme;

/// The whole page.
#[component]
pub(crate) fn App() -> impl IntoView {
    provide_context(Theme::begin());
    provide_context(Clock::begin());
    provide_context(Announcer::default());
    let connection = Connection::open();
    provide_context(connection);
    provide_context(Desk::begin(connection));
    provide_context(Live::begin(connection));
    view! {
        <Router>
            {keys::listen()}
            <Shell>
                <Routes fallback=NotFound>
                    <Route path=path!("/") view=OverviewPage />
                    <Route path=path!("/sessions") view=SessionsPage />
                    <Route path=path!("/sessions/:id") view=|| by_id(|id| view! { <SessionPage id /> }) />
                    <Route path=path!("/executions/:id") view=|| by_id(|id| view! { <ExecutionPage id /> }) />
                    <Route path=path!("/playground") view=PlaygroundPage />
                    <Route path=path!("/prompts") view=PromptsPage />
                    <Route path=path!("/settings") view=SettingsPage />
                </Routes>
            </Shell>
        </Router>
    }
}

/// A page made anew for each id: nothing of one session or execution is left when another is shown.
fn by_id<V: IntoView + 'static>(page: impl Fn(String) -> V + Send + 'static) -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    move || page(id.get())
}
