//! The keys, listed.

use leptos::html::Dialog;
use leptos::prelude::*;

use crate::keys::KEYS;
use crate::parts::confirm::open;
use crate::parts::icon::{Icon, Sign};

#[component]
pub(super) fn Help() -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let rows = KEYS.map(|(keys, meaning)| {
        let keys = keys
            .split(' ')
            .map(|key| view! { <kbd>{key.to_owned()}</kbd> })
            .collect_view();
        view! { <div><dt>{keys}</dt><dd>{meaning}</dd></div> }
    });
    view! {
        <button
            type="button"
            class="button button-icon"
            data-help=""
            title="Keys"
            aria-label="Keys"
            on:click=move |_| open(dialog)
        >
            <Icon sign=Sign::Help />
        </button>
        <dialog class="dialog" node_ref=dialog aria-label="Keys">
            <h2>"Keys"</h2>
            <dl class="keys">{rows}</dl>
            <form method="dialog" class="dialog-actions"><button class="button">"Close"</button></form>
        </dialog>
    }
}
