//! Playground.

use leptos::prelude::*;

use crate::routes::title;

#[component]
pub(crate) fn PlaygroundPage() -> impl IntoView {
    title("Playground");
    view! { <h1>"Playground"</h1> }
}
