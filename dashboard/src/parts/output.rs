//! What a program wrote, a page at a time: a browser that is given a megabyte at once stands still.

use leptos::prelude::*;

use crate::parts::copy::Copy;
use crate::text::numbers::bytes;
use crate::text::pages::head;

/// As much as is laid out in a moment.
const PAGE_BYTES: usize = 64 << 10;

#[component]
pub(crate) fn Output(
    #[prop(into)] text: Signal<String>,
    /// What it is: `Output`.
    #[prop(into)]
    label: String,
    /// Whether it went to standard error.
    #[prop(optional)]
    error: bool,
    /// Bytes that were dropped because they were too many.
    #[prop(into, default = Signal::stored(0))]
    dropped: Signal<u64>,
) -> impl IntoView {
    let shown = RwSignal::new(PAGE_BYTES);
    let left = Memo::new(move |_| text.with(|text| text.len() - head(text, shown.get()).len()));
    let more = move || {
        (left.get() > 0).then(|| {
            view! {
                <div class="output-more">
                    <button type="button" class="button" on:click=move |_| shown.update(|shown| *shown += PAGE_BYTES)>
                        "Show more"
                    </button>
                    <span class="muted">{move || format!("{} more", bytes(left.get() as u64))}</span>
                </div>
            }
        })
    };
    let dropped = move || {
        (dropped.get() > 0).then(|| {
            view! { <p class="output-note">{format!("{} more were dropped: the limit of output was reached", bytes(dropped.get()))}</p> }
        })
    };
    view! {
        <div class="output" class:output-error=error role="group" aria-label=label.clone()>
            <header class="output-head">
                <h4>{label.clone()}</h4>
                <Copy small=true label=format!("Copy {}", label.to_lowercase()) text=move || text.get_untracked() />
            </header>
            <pre class="output-text" tabindex="0">{move || text.with(|text| head(text, shown.get()).to_owned())}</pre>
            {more}
            {dropped}
        </div>
    }
}
