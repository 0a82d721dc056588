//! The field that narrows the log to a session.

use api::SessionId;
use leptos::prelude::*;

use crate::parts::filters::{go_to_query, query_of_page};

#[component]
pub(super) fn SessionField() -> impl IntoView {
    let query = query_of_page();
    let go = go_to_query();
    let refused = RwSignal::new(false);
    let change = move |event| {
        let text = event_target_value(&event).trim().to_owned();
        // A part of an id may be none: the list waits until it is one.
        let good = text.is_empty() || SessionId::parse(&text).is_ok();
        refused.set(!good);
        if good {
            let mut query = query.get_untracked();
            query.session = text;
            query.cursor = None;
            go(query, true);
        }
    };
    let hint = move || {
        refused.get().then(|| {
            view! { <p id="session-hint" class="form-error session-hint">"No session is called that: ids are letters, digits and . _ -"</p> }
        })
    };
    view! {
        <span class="session-field">
            <input
                type="text" class="field mono" placeholder="Session id" aria-label="Session id" autocomplete="off" spellcheck="false" maxlength="64"
                aria-invalid=move || refused.get().then_some("true") aria-describedby=move || refused.get().then_some("session-hint")
                prop:value=move || query.with(|query| query.session.clone())
                on:change=change
            />
            {hint}
        </span>
    }
}
