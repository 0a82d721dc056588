//! Text that may be long: a part of it, and more when it is asked for; and of that, only what is seen is laid out. A
//! browser that lays out a megabyte at once stands still.

use leptos::prelude::*;

use crate::text::numbers::bytes;
use crate::text::pages::{head, pieces};

/// As much as is shown at first, and again when more is asked for.
const PAGE_BYTES: usize = 256 << 10;
/// As much as is laid out in a moment. The style sheet leaves out the pieces that are not seen.
const PIECE_BYTES: usize = 8 << 10;

/// What is shown of a text, and what shows more of it.
pub(crate) fn paged(text: Signal<String>) -> (impl IntoView, impl IntoView) {
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
    let shown = move || {
        text.with(|text| {
            let pieces = pieces(head(text, end.get()), PIECE_BYTES).into_iter();
            pieces
                .map(|piece| view! { <span class="piece">{piece.to_owned()}</span> })
                .collect_view()
        })
    };
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
