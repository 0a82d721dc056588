//! Session.

use leptos::prelude::*;

use crate::routes::title;

#[component]
pub(crate) fn SessionPage(id: String) -> impl IntoView {
    title("Session");
    view! { <h1>"Session " {id}</h1> }
}
