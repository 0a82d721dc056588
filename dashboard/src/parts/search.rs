//! A field that searches; `/` goes to it.

use leptos::prelude::*;

use crate::parts::icon::{Icon, Sign};

#[component]
pub(crate) fn SearchField(
    /// What it searches, seen while it is empty.
    #[prop(into)]
    placeholder: String,
    /// The same for those who can't see it; as it is seen, unless there is more to say.
    #[prop(into, optional)]
    label: Option<String>,
    /// What is in it.
    #[prop(into)]
    value: Signal<String>,
    /// Called with each letter.
    search: impl Fn(String) + 'static,
) -> impl IntoView {
    let label = label.unwrap_or_else(|| placeholder.clone());
    view! {
        <label class="search">
            <Icon sign=Sign::Search />
            <input
                type="search" class="field" data-search="" placeholder=placeholder aria-label=label
                prop:value=value on:input=move |event| search(event_target_value(&event))
            />
        </label>
    }
}
