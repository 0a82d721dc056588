//! The question for a token, where the server wants one.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::connection::Connection;

#[component]
pub(super) fn TokenForm() -> impl IntoView {
    let connection = Connection::of_page();
    let field = NodeRef::<Input>::new();
    let refused = RwSignal::new(None);
    Effect::new(move || {
        if let Some(field) = field.get() {
            // A field that is in the page takes the focus.
            let _ = field.focus();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let token = field
            .get_untracked()
            .map(|field| field.value())
            .unwrap_or_default();
        spawn_local(async move {
            if let Err(problem) = connection.try_token(token).await {
                refused.set(Some(match problem.status {
                    Some(401) => {
                        "That is not the token. It is the value of api_token on the server."
                            .to_owned()
                    }
                    _ => problem.what,
                }));
            }
        });
    };
    let wrong = move || {
        refused
            .get()
            .map(|why| view! { <p class="form-error" role="alert">{why}</p> })
    };
    view! {
        <form class="token" on:submit=submit>
            <h1>"This server needs a token"</h1>
            <p class="muted">"It is what the operator set as " <code>"api_token"</code> ". It is kept until this tab is closed, and sent nowhere else."</p>
            <label for="token">"Token"</label>
            <input id="token" class="field" type="password" autocomplete="current-password" required node_ref=field />
            {wrong}
            <button class="button button-main">"Open the dashboard"</button>
        </form>
    }
}
