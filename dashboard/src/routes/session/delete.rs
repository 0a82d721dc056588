//! Deleting a file, after a question.

use api::WorkspacePath;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::files::Files;
use crate::parts::announce::Announcer;
use crate::parts::confirm::{Confirm, open};
use crate::parts::icon::{Icon, Sign};
use crate::text::name::visible;

#[component]
pub(super) fn Delete(
    files: Files,
    path: WorkspacePath,
    /// Called when it is gone.
    gone: impl Fn() + Clone + 'static,
) -> impl IntoView {
    let announcer = Announcer::of_page();
    let connection = files.connection();
    let question = NodeRef::<Dialog>::new();
    let name = visible(path.file_name());
    let title = format!("Delete {name}?");
    let confirmed = move || {
        let (path, gone) = (path.clone(), gone.clone());
        let client = connection.client_now();
        let session = files.session();
        spawn_local(async move {
            match client.delete_file(&session, &path).await {
                Ok(()) => {
                    announcer.say(format!("{} is deleted", visible(path.file_name())));
                    files.refresh();
                    gone();
                }
                Err(error) => announcer.say(connection.problem(&error).what),
            }
        });
    };
    view! {
        <button type="button" class="button" on:click=move |_| open(question)><Icon sign=Sign::Trash />"Delete"</button>
        <Confirm node=question title action="Delete" confirmed>
            <p>"A program of this session that reads it will not find it. This can't be undone."</p>
        </Confirm>
    }
}
