//! Files on their way into the workspace, one after the other; before one is replaced it is asked.

use std::collections::VecDeque;

use api::WorkspacePath;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::File;

use super::files::Files;
use super::sending::send;
use crate::parts::announce::Announcer;
use crate::parts::confirm::{Confirm, open};
use crate::parts::icon::{Icon, Sign};
use crate::text::name::visible;
use crate::text::numbers::{bytes, percent, things};

/// Names that a question lists before it only counts them.
const NAMED: usize = 8;

/// How far a file is.
#[derive(Debug, Clone, PartialEq)]
enum State {
    Waiting,
    /// The part of it that is sent.
    Sending(f64),
    Done,
    /// Why it is not there.
    Failed(String),
}

#[derive(Clone)]
struct Upload {
    number: usize,
    /// Where to, or what it is called where that is nowhere.
    name: String,
    size: u64,
    state: ArcRwSignal<State>,
}

type Waiting = (Upload, WorkspacePath, File);

/// All uploads of the page.
#[derive(Clone, Copy)]
pub(super) struct Uploads {
    files: Files,
    list: RwSignal<Vec<Upload>>,
    queue: StoredValue<VecDeque<Waiting>, LocalStorage>,
    is_sending: StoredValue<bool>,
    /// Those that would replace something.
    asked: StoredValue<Vec<(WorkspacePath, File)>, LocalStorage>,
    asked_names: RwSignal<Vec<String>>,
    question: NodeRef<Dialog>,
    begun: StoredValue<usize>,
    announcer: Announcer,
}

impl Uploads {
    pub(super) fn of(files: Files) -> Self {
        Self {
            files,
            list: RwSignal::new(Vec::new()),
            queue: StoredValue::new_local(VecDeque::new()),
            is_sending: StoredValue::new(false),
            asked: StoredValue::new_local(Vec::new()),
            asked_names: RwSignal::new(Vec::new()),
            question: NodeRef::new(),
            begun: StoredValue::new(0),
            announcer: Announcer::of_page(),
        }
    }

    /// Sends files into a folder, or to the top where its path is empty.
    pub(super) fn offer(self, chosen: Vec<File>, folder: &str) {
        let mut wanted = Vec::new();
        for file in chosen {
            let path = match folder {
                "" => file.name(),
                folder => format!("{folder}/{}", file.name()),
            };
            match WorkspacePath::parse(&path) {
                Ok(path) => wanted.push((path, file)),
                Err(error) => {
                    let why = State::Failed(error.to_string());
                    self.begin(file.name(), &file, why);
                }
            }
        }
        if wanted.is_empty() {
            return;
        }
        spawn_local(async move {
            // What is there now, since a program may have written meanwhile.
            let there = match self.files.now().await {
                Ok(there) => there,
                Err(error) => {
                    let problem = self.files.connection().problem(&error);
                    return self
                        .announcer
                        .say(format!("Nothing is uploaded: {}", problem.what));
                }
            };
            let is_there = |path: &WorkspacePath| {
                there
                    .binary_search_by(|entry| entry.path.as_str().cmp(path.as_str()))
                    .is_ok()
            };
            let (taken, free): (Vec<_>, Vec<_>) =
                wanted.into_iter().partition(|(path, _)| is_there(path));
            self.enqueue(free);
            if !taken.is_empty() {
                let names = taken.iter().map(|(path, _)| visible(path.as_str()));
                self.asked_names.set(names.collect());
                // The page may be gone.
                if self.asked.try_set_value(taken).is_none() {
                    open(self.question);
                }
            }
        });
    }

    /// Sends what was asked about.
    fn replace(self) {
        let asked = self.asked.try_update_value(std::mem::take);
        self.enqueue(asked.unwrap_or_default());
    }

    fn begin(self, name: String, file: &File, state: State) -> Upload {
        let number = self.begun.try_update_value(|begun| {
            *begun += 1;
            *begun
        });
        let upload = Upload {
            number: number.unwrap_or_default(),
            name: visible(&name),
            size: file.size() as u64,
            state: ArcRwSignal::new(state),
        };
        self.list.update(|list| list.push(upload.clone()));
        upload
    }

    fn enqueue(self, wanted: Vec<(WorkspacePath, File)>) {
        if wanted.is_empty() || self.list.is_disposed() {
            return;
        }
        for (path, file) in wanted {
            let upload = self.begin(path.to_string(), &file, State::Waiting);
            self.queue
                .update_value(|queue| queue.push_back((upload, path, file)));
        }
        if !self.is_sending.get_value() {
            self.is_sending.set_value(true);
            spawn_local(self.send_all());
        }
    }

    /// Sends on when the page is gone: what was given is wanted.
    async fn send_all(self) {
        let connection = self.files.connection();
        let (client, session) = (connection.client_now(), self.files.session());
        let (mut sent, mut failed) = (0, 0);
        while let Some((upload, path, file)) =
            self.queue.try_update_value(VecDeque::pop_front).flatten()
        {
            let state = upload.state;
            state.set(State::Sending(0.0));
            let progress = {
                let state = state.clone();
                move |part| state.set(State::Sending(part))
            };
            let url = client.file_url(&session, &path);
            match send(connection, url.as_str(), &file, progress).await {
                Ok(()) => {
                    state.set(State::Done);
                    sent += 1;
                }
                Err(why) => {
                    state.set(State::Failed(why));
                    failed += 1;
                }
            }
        }
        let sent = things(sent, "file is uploaded", "files are uploaded");
        self.announcer.say(match failed {
            0 => sent,
            failed => format!("{sent}, {failed} could not be"),
        });
        if self.is_sending.try_set_value(false).is_none() {
            self.list.update(|list| {
                list.retain(|upload| upload.state.with_untracked(|state| *state != State::Done));
            });
            self.files.refresh();
        }
    }
}

/// The uploads that are under way or failed, and the question about those that replace something.
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
