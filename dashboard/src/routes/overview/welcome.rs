//! Nothing ever ran: how to begin.

use api::tool::ToolRequest;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::browser::origin;
use crate::connection::Connection;
use crate::parts::copy::Copy;
use crate::text::curl::command;

#[component]
pub(super) fn Welcome() -> impl IntoView {
    let connection = Connection::of_page();
    let curl = Signal::derive(move || {
        let request = ToolRequest {
            code: "print(6 * 7)".to_owned(),
            ..ToolRequest::default()
        };
        command(&origin(), &request, connection.has_token())
    });
    let token = move || {
        connection.has_token().then(|| {
            view! { <p class="muted">"Put the token into the variable " <code>"VIVARIUM_TOKEN"</code> " first."</p> }
        })
    };
    view! {
        <section class="welcome" aria-labelledby="welcome">
            <h2 id="welcome">"Nothing has run yet"</h2>
            <p>"Give an agent this tool, or run a first program yourself. It shows up here as it happens."</p>
            <div class="welcome-command">
                <pre><code>{curl}</code></pre>
                <Copy label="Copy" text=move || curl.get_untracked() />
            </div>
            {token}
            <p class="welcome-ways">
                <A href="/playground" attr:class="button button-main">"Open the playground"</A>
                <A href="/settings" attr:class="button">"See what the tool tells a model"</A>
            </p>
        </section>
    }
}
