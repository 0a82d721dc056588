//! An address that no page has.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::parts::awaiting::Empty;
use crate::routes::title;

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    title("Not found");
    view! {
        <h1 class="hidden">"Not found"</h1>
        <Empty title="There is no page at this address"><A href="/">"Go to the overview"</A></Empty>
    }
}
