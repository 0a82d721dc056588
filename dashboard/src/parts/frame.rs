//! What a program made as HTML or SVG: in a frame without scripts and without an origin. It can draw, and nothing else.

use leptos::prelude::*;

use crate::text::frame::{document, height};
use crate::theme::Theme;

#[component]
pub(crate) fn Frame(
    #[prop(into)] html: Signal<String>,
    /// What it is, for those who can't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let theme: Theme = expect_context();
    // The empty `sandbox` is the wall: no scripts, no forms, no popups, an origin of its own that is nobody's.
    view! {
        <iframe
            class="frame"
            sandbox=""
            referrerpolicy="no-referrer"
            title=label
            style:height=move || html.with(|html| format!("{}px", height(html)))
            srcdoc=move || html.with(|html| document(html, theme.is_dark()))
        ></iframe>
    }
}
