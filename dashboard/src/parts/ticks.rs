//! Words of the server, in which names stand in backticks.

use leptos::prelude::*;

/// The words; what is in backticks is code.
pub(crate) fn with_code(text: &str) -> impl IntoView + use<> {
    let pieces = text
        .split('`')
        .enumerate()
        .map(|(index, piece)| match index % 2 {
            0 => piece.to_owned().into_any(),
            _ => view! { <code>{piece.to_owned()}</code> }.into_any(),
        });
    pieces.collect_view()
}
