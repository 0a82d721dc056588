//! Markdown, in a frame. What reads it is a module of its own: few pages show any.

#![allow(
    unsafe_code,
    reason = "`wasm_split` writes the calls from one module into another"
)]

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::parts::awaiting::Loading;
use crate::parts::frame::Frame;
use crate::parts::output::Output;
use crate::text::frame::{MARKDOWN_STYLE, markdown};

#[wasm_split(markdown, wasm_split_path = ::leptos::wasm_split, fallible)]
fn html_of(text: String) -> Result<String, SplitLoaderError> {
    Ok(MARKDOWN_STYLE.to_owned() + &markdown(&text))
}

#[component]
pub(crate) fn Markdown(
    #[prop(into)] text: Signal<String>,
    /// What it is, for those who can't see it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let html = RwSignal::new(None);
    Effect::new(move || {
        let text = text.get();
        spawn_local(async move {
            // Where the module can't be had, the text can still be read. The reader may be gone meanwhile.
            let made = html_of(text).await.map_err(drop);
            html.try_set(Some(made));
        });
    });
    move || match html.get() {
        None => view! { <Loading /> }.into_any(),
        Some(Ok(html)) => view! { <Frame html label=label.clone() /> }.into_any(),
        Some(Err(())) => view! { <Output text label=label.clone() /> }.into_any(),
    }
}
