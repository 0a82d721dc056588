//! Saving a file, or all of them, on the reader's own machine.

use api::WorkspacePath;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::files::Files;
use crate::browser::save;
use crate::parts::announce::Announcer;
use crate::parts::icon::{Icon, Sign};

/// What is saved.
#[derive(Clone)]
pub(super) enum What {
    File(WorkspacePath),
    /// As a zip archive.
    All,
}

/// A button that says when it is under way, since the whole file comes before the browser is told of it.
#[component]
pub(super) fn Download(
    files: Files,
    what: What,
    /// What the button says.
    label: &'static str,
) -> impl IntoView {
    let announcer = Announcer::of_page();
    let connection = files.connection();
    let is_coming = RwSignal::new(false);
    let click = move |_| {
        if is_coming.get_untracked() {
            return;
        }
        is_coming.set(true);
        let client = connection.client_now();
        let session = files.session();
        let what = what.clone();
        spawn_local(async move {
            let response = match &what {
                What::File(path) => client.read_file(&session, path).await,
                What::All => client.archive(&session).await,
            };
            let bytes = match response {
                Ok(response) => response.bytes().await.map_err(Into::into),
                Err(error) => Err(error),
            };
            is_coming.set(false);
            match bytes {
                Ok(bytes) => match &what {
                    What::File(path) => save(&bytes, path.file_name()),
                    What::All => save(&bytes, &format!("{session}.zip")),
                },
                Err(error) => announcer.say(connection.problem(&error).what),
            }
        });
    };
    view! {
        <button type="button" class="button" aria-disabled=move || is_coming.get().then_some("true") on:click=click>
            <Icon sign=Signal::derive(move || if is_coming.get() { Sign::Running } else { Sign::Download }) />
            {move || if is_coming.get() { "Downloading" } else { label }}
        </button>
    }
}
