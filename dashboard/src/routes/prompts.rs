//! Prompts.

use leptos::prelude::*;

use crate::routes::title;

#[component]
pub(crate) fn PromptsPage() -> impl IntoView {
    title("Prompts");
    view! { <h1>"Prompts"</h1> }
}
