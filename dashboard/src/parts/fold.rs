//! What is closed until somebody wants to see it; made when it is opened first, and kept from then on.

use leptos::prelude::*;
use leptos::web_sys;

#[component]
pub(crate) fn Fold(
    /// What is in it; always seen.
    summary: impl IntoView + 'static,
    /// Whether it is open at first.
    #[prop(optional)]
    open: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let opened = RwSignal::new(open);
    let toggle = move |event: leptos::ev::Event| {
        let details: web_sys::HtmlDetailsElement = event_target(&event);
        if details.open() {
            opened.set(true);
        }
    };
    let was_opened = Memo::new(move |_| opened.get());
    view! {
        <details class="fold" prop:open=open on:toggle=toggle>
            <summary>{summary}</summary>
            <div class="fold-content">{move || was_opened.get().then(|| children())}</div>
        </details>
    }
}
