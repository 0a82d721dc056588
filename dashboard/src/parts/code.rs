//! Source, coloured where it is Python.

use leptos::prelude::*;

use crate::text::python::{Kind, highlight};

/// Colouring a longer source takes longer than reading it is worth.
const MAX_COLOURED_BYTES: usize = 200_000;

/// Python in coloured pieces, for whatever shows them.
pub(crate) fn coloured(source: &str) -> AnyView {
    if source.len() > MAX_COLOURED_BYTES {
        return source.to_owned().into_any();
    }
    painted(highlight(source))
}

/// Pieces in their colours.
pub(crate) fn painted(pieces: Vec<(Kind, &str)>) -> AnyView {
    let piece = |(kind, text): (Kind, &str)| match kind.class() {
        Some(class) => view! { <span class=class>{text.to_owned()}</span> }.into_any(),
        None => text.to_owned().into_any(),
    };
    pieces.into_iter().map(piece).collect_view().into_any()
}

#[component]
pub(crate) fn Code(
    #[prop(into)] source: Signal<String>,
    /// What it is, for those who can't see it.
    #[prop(into)]
    label: String,
    /// Whether it is Python.
    #[prop(default = true)]
    python: bool,
) -> impl IntoView {
    let numbers = move || {
        let lines = source.with(|source| source.lines().count().max(1));
        (1..=lines)
            .map(|number| format!("{number}\n"))
            .collect::<String>()
    };
    let text = move || {
        source.with(|source| match python {
            true => coloured(source),
            false => source.clone().into_any(),
        })
    };
    view! {
        <div class="code" role="group" aria-label=label tabindex="0">
            <pre class="code-numbers" aria-hidden="true">{numbers}</pre>
            <pre class="code-text"><code>{text}</code></pre>
        </div>
    }
}
