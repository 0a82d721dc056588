//! Files on their way into the workspace, one after the other; before one is replaced it is asked.

use std::collections::VecDeque;

use api::WorkspacePath;
use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::File;

use super::dropped::{Dropped, Found, MOST};
use super::files::Files;
use super::sending::send;
use crate::parts::announce::Announcer;
use crate::parts::confirm::open;
use crate::text::name::visible;
use crate::text::numbers::{count, things};

/// How far a file is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    Waiting,
    /// The part of it that is sent.
    Sending(f64),
    Done,
    /// Why it is not there.
    Failed(String),
}

#[derive(Clone)]
pub(super) struct Upload {
    pub(super) number: usize,
    /// Where to, or what it is called where that is nowhere.
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) state: ArcRwSignal<State>,
}

type Waiting = (Upload, WorkspacePath, File);

/// All uploads of the page.
#[derive(Clone, Copy)]
pub(super) struct Uploads {
    files: Files,
    pub(super) list: RwSignal<Vec<Upload>>,
    queue: StoredValue<VecDeque<Waiting>, LocalStorage>,
    is_sending: StoredValue<bool>,
    /// Those that would replace something.
    asked: StoredValue<Vec<(WorkspacePath, File)>, LocalStorage>,
    pub(super) asked_names: RwSignal<Vec<String>>,
    pub(super) question: NodeRef<Dialog>,
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

    /// Sends what was dropped on a folder.
    pub(super) fn take(self, dropped: Dropped, folder: String) {
        spawn_local(async move {
            match dropped.files().await {
                Some(found) if found.is_empty() => self.announcer.say("There is no file in it"),
                Some(found) => self.offer(found, &folder),
                None => self.announcer.say(format!(
                    "More than {} files: send an archive, and let a program unpack it",
                    count(MOST as u64)
                )),
            }
        });
    }

    /// Sends files into a folder, or to the top where its path is empty.
    pub(super) fn offer(self, chosen: Vec<Found>, folder: &str) {
        let mut wanted = Vec::new();
        for (name, file) in chosen {
            let path = match folder {
                "" => name,
                folder => format!("{folder}/{name}"),
            };
            match (WorkspacePath::parse(&path), file) {
                (Ok(path), Some(file)) => wanted.push((path, file)),
                (Err(error), _) => self.fail(path, error.to_string()),
                (Ok(_), None) => self.fail(path, "the browser can't read it".to_owned()),
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
    pub(super) fn replace(self) {
        let asked = self.asked.try_update_value(std::mem::take);
        self.enqueue(asked.unwrap_or_default());
    }

    fn fail(self, name: String, why: String) {
        self.begin(name, 0, State::Failed(why));
    }

    fn begin(self, name: String, size: u64, state: State) -> Upload {
        let number = self.begun.try_update_value(|begun| {
            *begun += 1;
            *begun
        });
        let upload = Upload {
            number: number.unwrap_or_default(),
            name: visible(&name),
            size,
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
            let upload = self.begin(path.to_string(), file.size() as u64, State::Waiting);
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
