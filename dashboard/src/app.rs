//! Which page is where, and what all of them share.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::path;

use crate::clock::Clock;
use crate::connection::Connection;
use crate::keys;
use crate::live::Live;
use crate::pages::{Shown, Which, fetch_others};
use crate::parts::announce::Announcer;
use crate::routes::not_found::NotFound;
use crate::routes::playground::Place;
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
    provide_context(Place::begin());
    provide_context(Live::begin(connection));
    fetch_others();
    view! {
        <Router>
            {keys::listen()}
            <Shell>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=|| view! { <Shown which=Which::Overview /> } />
                    <Route path=path!("/sessions") view=|| view! { <Shown which=Which::Sessions /> } />
                    <Route path=path!("/sessions/:id") view=|| view! { <Shown which=Which::Session /> } />
                    <Route path=path!("/executions/:id") view=|| view! { <Shown which=Which::Execution /> } />
                    <Route path=path!("/playground") view=|| view! { <Shown which=Which::Playground /> } />
                    <Route path=path!("/prompts") view=|| view! { <Shown which=Which::Prompts /> } />
                    <Route path=path!("/settings") view=|| view! { <Shown which=Which::Settings /> } />
                </FlatRoutes>
            </Shell>
        </Router>
    }
}
