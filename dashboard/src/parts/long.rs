//! Text that may be long: as much as is laid out in a moment, and more when it is asked for.

use leptos::prelude::*;

use crate::text::numbers::bytes;
use crate::text::pages::head;

const PAGE_BYTES: usize = 64 << 10;

#[component]
pub(crate) fn Long(
    #[prop(into)] text: Signal<String>,
    /// What it is, for those who can't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let shown = RwSignal::new(PAGE_BYTES);
    let left = Memo::new(move |_| text.with(|text| text.len() - head(text, shown.get()).len()));
    let more = move || {
        (left.get() > 0).then(|| {
            view! {
                <div class="output-more">
                    <button type="button" class="button" on:click=move |_| shown.update(|shown| *shown += PAGE_BYTES)>"Show more"</button>
                    <span class="muted">{move || format!("{} more", bytes(left.get() as u64))}</span>
                </div>
            }
        })
    };
    view! {
        <pre class="long" tabindex="0" role="group" aria-label=label>
            {move || text.with(|text| head(text, shown.get()).to_owned())}
        </pre>
        {more}
    }
}
