//! How it ended.

use leptos::prelude::*;

use crate::parts::changed::ChangedFiles;
use crate::parts::status::StatusBadge;
use crate::routes::playground::Desk;
use crate::routes::playground::output::Links;
use crate::text::ending::{hint, status};
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
        let error = response.error.clone();
        let error = error.map(|error| view! { <p class="ending-error">{error}</p> });
        let hint = hint(response).map(|hint| view! { <p class="state-hint">{hint.to_owned()}</p> });
        let limit = response.data.limit.as_ref();
        let limit = limit.map(|limit| view! { <p class="output-note">{limit.message.clone()}</p> });
        let truncated = response.data.truncated;
        let lost = truncated.stdout_bytes + truncated.stderr_bytes;
        let lost = (lost > 0).then(|| {
            view! { <p class="output-note">{format!("{} were dropped: the limit of output was reached", bytes(lost))}</p> }
        });
        let changed = response.data.files.iter().filter(|(_, file)| file.changed);
        let changed: Vec<_> = changed.map(|(path, _)| path.clone()).collect();
        let session = run.session_id.clone().filter(|_| !changed.is_empty());
        let files = session.map(|session| {
            view! { <div><h3>"Files it made or changed"</h3><ChangedFiles session paths=changed /></div> }
        });
        Some(view! {
            <div class="ending">
                <div class="ending-line"><StatusBadge status=status(response) /><dl class="facts">{facts}</dl></div>
                {error}{hint}{limit}{lost}{files}
                <Links />
            </div>
        })
    })
}
