//! What can be done with an execution.

use api::live::LiveEvent;
use api::tool::ToolRequest;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use crate::browser::origin;
use crate::connection::Connection;
use crate::parts::announce::Announcer;
use crate::parts::copy::Copy;
use crate::parts::icon::{Icon, Sign};
use crate::routes::execution::Known;
use crate::text::curl;

#[component]
pub(super) fn Actions(known: Memo<Known>) -> impl IntoView {
    let connection = Connection::of_page();
    let link = move || {
        let id = known.with_untracked(|known| known.summary.execution_id.clone());
        format!("{}/executions/{id}", origin())
    };
    let command = move || {
        let request = known.with_untracked(request);
        curl::command(&origin(), &request, connection.has_token_now())
    };
    view! {
        <div class="page-actions">
            <RunAgain known />
            <Copy label="Copy as curl" text=command />
            <Copy label="Copy link" text=link />
        </div>
    }
}

/// The call that began it.
fn request(known: &Known) -> ToolRequest {
    ToolRequest {
        code: known.code.clone(),
        session_id: Some(known.summary.session_id.clone()),
        timeout: known.timeout,
        stdin: known.stdin.clone(),
        context: None,
    }
}

#[component]
fn RunAgain(known: Memo<Known>) -> impl IntoView {
    let connection = Connection::of_page();
    let announcer = Announcer::of_page();
    let navigate = use_navigate();
    let is_asked = RwSignal::new(false);
    let run = move |_| {
        is_asked.set(true);
        let mut request = known.with_untracked(request);
        request.context = known.with_untracked(|known| known.context.clone());
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = connection.client_now().stream(&request).await;
            let mut events = match answer {
                Ok(events) => events,
                Err(error) => {
                    let problem = connection.problem(&error);
                    let hint = problem
                        .hint
                        .map(|hint| format!(": {hint}"))
                        .unwrap_or_default();
                    announcer.say(format!("Not run. {}{hint}", problem.what));
                    is_asked.try_set(false);
                    return;
                }
            };
            // Whoever drops the events cancels the run, so that they are read to their end wherever the reader goes.
            while let Ok(Some(event)) = events.next().await {
                match event {
                    // The reader may have gone elsewhere meanwhile.
                    LiveEvent::Started { execution_id, .. }
                        if is_asked.try_get_untracked().is_some() =>
                    {
                        navigate(&format!("/executions/{execution_id}"), Default::default());
                    }
                    LiveEvent::Finished(response) if response.metadata.execution_id.is_none() => {
                        announcer.say(format!("Not run. {}", response.error.unwrap_or_default()));
                        is_asked.try_set(false);
                    }
                    _ => {}
                }
            }
        });
    };
    view! {
        <button
            type="button" class="button" disabled=move || is_asked.get() on:click=run
            title="Runs the same in the same session, as a new execution"
        ><Icon sign=Sign::Play />"Run again"</button>
    }
}
