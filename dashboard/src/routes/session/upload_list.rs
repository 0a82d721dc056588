//! The uploads that are under way or failed, and the question about those that replace something.

use leptos::prelude::*;

use super::uploads::{State, Upload, Uploads};
use crate::parts::confirm::Confirm;
use crate::parts::icon::{Icon, Sign};
use crate::text::numbers::{bytes, percent, things};

/// Names that a question lists before it only counts them.
const NAMED: usize = 8;

#[component]
pub(super) fn UploadList(uploads: Uploads) -> impl IntoView {
    let names = uploads.asked_names;
    let title = Signal::derive(move || {
        let number = names.with(Vec::len) as u64;
        format!("Replace {}?", things(number, "file", "files"))
    });
    let named = move || {
        let more = names.with(Vec::len).saturating_sub(NAMED);
        let named = names.with(|names| names.iter().take(NAMED).cloned().collect::<Vec<_>>());
        let named = named
            .into_iter()
            .map(|name| view! { <li class="mono">{name}</li> });
        let more = (more > 0).then(|| view! { <li>{format!("and {more} more")}</li> });
        view! { <ul class="upload-names">{named.collect_view()}{more}</ul> }
    };
    let dismiss = move |number| {
        uploads
            .list
            .update(|list| list.retain(|upload| upload.number != number));
    };
    let is_empty = Memo::new(move |_| uploads.list.with(Vec::is_empty));
    view! {
        <ul class="uploads" aria-label="Uploads" hidden=is_empty>
            <For each=move || uploads.list.get() key=|upload| upload.number let:upload>
                {row(upload, dismiss)}
            </For>
        </ul>
        <Confirm node=uploads.question title action="Replace" confirmed=move || uploads.replace()>
            <p>"What is there now is lost:"</p>
            {named}
        </Confirm>
    }
}

fn row(upload: Upload, dismiss: impl Fn(usize) + Send + Sync + 'static) -> impl IntoView {
    let Upload {
        number,
        name,
        size,
        state,
    } = upload;
    let state = RwSignal::from(state);
    let words = move || match state.get() {
        State::Waiting => format!("Waiting, {}", bytes(size)),
        State::Sending(part) => format!("{} of {}", percent(part), bytes(size)),
        State::Done => "Uploaded".to_owned(),
        State::Failed(why) => why,
    };
    let failed = Memo::new(move |_| state.with(|state| matches!(state, State::Failed(_))));
    let part = move || match state.get() {
        State::Sending(part) => part.to_string(),
        State::Done => "1".to_owned(),
        State::Waiting | State::Failed(_) => "0".to_owned(),
    };
    let label = format!("Dismiss {name}");
    let end = move || {
        match failed.get() {
        true => view! {
            <button type="button" class="button button-icon" title="Dismiss" aria-label=label.clone()><Icon sign=Sign::Close /></button>
        }
        .into_any(),
        false => view! { <progress max="1" value=part aria-hidden="true"></progress> }.into_any(),
    }
    };
    let click = move |_| {
        if failed.get_untracked() {
            dismiss(number);
        }
    };
    view! {
        <li class="upload" class:upload-failed=failed>
            <span class="upload-name mono">{name}</span>
            <span class="upload-words">{words}</span>
            <span class="upload-end" on:click=click>{end}</span>
        </li>
    }
}
