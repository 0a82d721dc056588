//! Execution.

use leptos::prelude::*;

use crate::routes::title;

#[component]
pub(crate) fn ExecutionPage(id: String) -> impl IntoView {
    title("Execution");
    view! { <h1>"Execution " {id}</h1> }
}
