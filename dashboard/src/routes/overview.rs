//! Overview.

use leptos::prelude::*;

use crate::routes::title;

#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    title("Overview");
    view! { <h1>"Overview"</h1> }
}
