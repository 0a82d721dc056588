//! Text that may be long: as much as is laid out in a moment, and more when it is asked for. A browser that is given a
//! megabyte at once stands still.

use leptos::prelude::*;

use crate::text::numbers::bytes;
use crate::text::pages::head;

/// As much as is laid out in a moment.
const PAGE_BYTES: usize = 64 << 10;

/// What is shown of a text, and what shows more of it.
pub(crate) fn paged(text: Signal<String>) -> (Signal<String>, impl IntoView) {
    let end = RwSignal::new(PAGE_BYTES);
    let left = Memo::new(move |_| text.with(|text| text.len() - head(text, end.get()).len()));
    let more = move || {
        (left.get() > 0).then(|| {
            view! {
                <div class="output-more">
                    <button type="button" class="button" on:click=move |_| end.update(|end| *end += PAGE_BYTES)>"Show more"</button>
                    <span class="muted">{move || format!("{} more", bytes(left.get() as u64))}</span>
                </div>
            }
        })
    };
    let shown = Signal::derive(move || text.with(|text| head(text, end.get()).to_owned()));
    (shown, more)
}

#[component]
pub(crate) fn Long(
    #[prop(into)] text: Signal<String>,
    /// What it is, for those who can't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let (shown, more) = paged(text);
    view! {
        <pre class="long" tabindex="0" role="group" aria-label=label>{shown}</pre>
        {more}
    }
}
