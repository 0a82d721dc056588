//! A question before something that can't be undone.

use leptos::html::Dialog;
use leptos::prelude::*;

/// A dialog that is opened by its reference: `dialog.get().show_modal()`.
#[component]
pub(crate) fn Confirm(
    node: NodeRef<Dialog>,
    /// What is about to happen, as a question.
    #[prop(into)]
    title: Signal<String>,
    /// What the button says that does it.
    #[prop(into)]
    action: String,
    confirmed: impl Fn() + 'static,
    /// What will be lost.
    children: Children,
) -> impl IntoView {
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog class="dialog" node_ref=node aria-label=title>
            <h2>{title}</h2>
            {children()}
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| close()>"Cancel"</button>
                <button
                    type="button"
                    class="button button-danger"
                    on:click=move |_| {
                        close();
                        confirmed();
                    }
                >
                    {action}
                </button>
            </div>
        </dialog>
    }
}

/// Opens a dialog.
pub(crate) fn open(node: NodeRef<Dialog>) {
    if let Some(dialog) = node.get_untracked() {
        // It is in the page, and where it is open already it stays so.
        let _ = dialog.show_modal();
    }
}
