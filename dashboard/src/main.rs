//! The dashboard: what was run, how it went, and what it left, in a browser.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

fn main() {
    mount_to_body(App);
}

/// The page, whatever its address.
#[component]
fn App() -> impl IntoView {
    view! {
        <Router>
            <main>
                <Routes fallback=|| view! { <h1>"Vivarium"</h1> }>
                    <Route path=path!("/") view=|| view! { <h1>"Vivarium"</h1> } />
                </Routes>
            </main>
        </Router>
    }
}
