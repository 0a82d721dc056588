//! How long something has been under way, counted by the second.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser::now_ms;
use crate::text::time::duration;

#[component]
pub(crate) fn Elapsed(
    /// Since when, in milliseconds since 1970.
    #[prop(into)]
    since: Signal<i64>,
) -> impl IntoView {
    let now = RwSignal::new(now_ms());
    if let Ok(ticking) = set_interval_with_handle(move || now.set(now_ms()), Duration::from_secs(1))
    {
        on_cleanup(move || ticking.clear());
    }
    let seconds = move || ((now.get() - since.get()) / 1000).max(0);
    view! { <span class="tabular">{move || duration(seconds() as f64)}</span> }
}
