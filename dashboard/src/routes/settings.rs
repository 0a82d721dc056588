//! Settings.

use leptos::prelude::*;

use crate::routes::title;

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    title("Settings");
    view! { <h1>"Settings"</h1> }
}
