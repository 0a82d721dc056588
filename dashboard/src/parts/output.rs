//! What a program wrote, a page at a time.

use leptos::prelude::*;

use crate::parts::copy::Copy;
use crate::parts::long::paged;
use crate::text::numbers::bytes;

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
    let (shown, more) = paged(text);
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
            <pre class="output-text" tabindex="0">{shown}</pre>
            {more}
            {dropped}
        </div>
    }
}
