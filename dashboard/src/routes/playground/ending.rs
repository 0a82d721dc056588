//! How it ended.

use api::history::Status;
use leptos::prelude::*;

use crate::parts::changed::ChangedFiles;
use crate::parts::status::StatusBadge;
use crate::routes::playground::Desk;
use crate::routes::playground::output::Links;
use crate::text::ending::{hint, is_script, status};
use crate::text::numbers::{bytes, count};
use crate::text::time::duration;

#[component]
pub(super) fn Ending() -> impl IntoView {
    let desk: Desk = expect_context();
    desk.run.with_untracked(|run| {
        let response = run.finished.as_ref()?;
        let metadata = &response.metadata;
        let mut facts = vec![("Program", duration(metadata.code_execution_time))];
        facts.push(("Whole call", duration(metadata.execution_time)));
        facts.extend(metadata.peak_memory_bytes.map(|peak| ("Peak memory", bytes(peak))));
        if metadata.attempts > 1 {
            facts.push(("Attempts", metadata.attempts.to_string()));
        }
        facts.extend(metadata.tokens.map(|tokens| ("Tokens", count(tokens.total))));
        let facts = facts.into_iter().map(|(name, value)| {
            view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
        });
        let facts = facts.collect_view();
        let stands = status(response);
        let waits = stands == Status::AwaitingApproval;
        let error = response.error.clone().filter(|_| !waits);
        let waits = waits.then(|| view! { <p>"The code waits for your approval, on the execution's page."</p> });
        let hint = hint(response).map(|hint| view! { <p class="state-hint">{hint.to_owned()}</p> });
        let is_said = |message: &str| error.as_ref().is_some_and(|error| error.contains(message));
        let limit = response.data.limit.as_ref();
        let limit = limit.filter(|limit| !is_said(&limit.message));
        let limit = limit.map(|limit| view! { <p class="output-note">{limit.message.clone()}</p> });
        let error = error.map(|error| view! { <p class="ending-error">{error}</p> });
        let truncated = response.data.truncated;
        let lost = truncated.stdout_bytes + truncated.stderr_bytes;
        let lost = (lost > 0).then(|| {
            view! { <p class="output-note">{format!("{} were dropped: the limit of output was reached", bytes(lost))}</p> }
        });
        let id = run.execution_id.clone().unwrap_or_default();
        let files = response.data.files.iter();
        let changed = files.filter(|(path, file)| file.changed && !is_script(path, &id));
        let changed: Vec<_> = changed.map(|(path, _)| path.clone()).collect();
        let session = run.session_id.clone().filter(|_| !changed.is_empty());
        let files = session.map(|session| {
            view! { <div><h3>"Files it made or changed"</h3><ChangedFiles session paths=changed /></div> }
        });
        Some(view! {
            <div class="ending">
                <div class="ending-line"><StatusBadge status=stands /><dl class="fact-row">{facts}</dl></div>
                {waits}{error}{hint}{limit}{lost}{files}
                <Links />
            </div>
        })
    })
}
