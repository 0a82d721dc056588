//! Results as a notebook would show them: of each, the richest form that can be shown safely.

use api::python::MimeBundle;
use leptos::prelude::*;

use crate::parts::code::Code;
use crate::parts::frame::Frame;
use crate::parts::markdown::Markdown;
use crate::parts::output::Output;
use crate::text::preview::pretty_json;

/// Pictures that can do nothing.
const IMAGES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

#[component]
pub(crate) fn Results(
    #[prop(into)] results: Signal<Vec<MimeBundle>>,
    /// Whose they are, where a page has several: ` of attempt 2`. Frames must have names of their own.
    #[prop(optional, into)]
    of: String,
    /// The number of the first.
    #[prop(default = 1)]
    first: usize,
) -> impl IntoView {
    move || {
        let results = results.get();
        let shown = results.iter().enumerate().map(|(index, bundle)| {
            view! { <div class="result">{show(bundle, &format!("Result {}{of}", index + first))}</div> }
        });
        shown.collect_view()
    }
}

fn show(bundle: &MimeBundle, label: &str) -> AnyView {
    let plain = bundle.get("text/plain").cloned().unwrap_or_default();
    let label = label.to_owned();
    if let Some((media_type, data)) = IMAGES.iter().find_map(|image| bundle.get_key_value(*image)) {
        let source = format!("data:{media_type};base64,{data}");
        let text = if plain.is_empty() { label } else { plain };
        return view! { <img class="figure" src=source alt=text /> }.into_any();
    }
    for rich in ["text/html", "image/svg+xml"] {
        if let Some(html) = bundle.get(rich) {
            return view! { <Frame html=html.clone() label /> }.into_any();
        }
    }
    if let Some(text) = bundle.get("text/markdown") {
        return view! { <Markdown text=text.clone() label /> }.into_any();
    }
    if let Some(json) = bundle.get("application/json") {
        return view! { <Code source=pretty_json(json) label python=false /> }.into_any();
    }
    view! { <Output text=plain label /> }.into_any()
}
