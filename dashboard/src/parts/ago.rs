//! A time: how long ago, and exactly when on hover.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::browser::local_time;
use crate::clock::Clock;
use crate::text::time::ago;

#[component]
pub(crate) fn Ago(#[prop(into)] at: Signal<Timestamp>) -> impl IntoView {
    let clock: Clock = expect_context();
    let ms = move || at.get().as_millisecond();
    view! {
        <time class="ago" datetime=move || at.get().to_string() title=move || local_time(ms())>
            {move || ago(ms(), clock.now())}
        </time>
    }
}
