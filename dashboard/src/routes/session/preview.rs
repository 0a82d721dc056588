//! One file: what it is, what can be done with it, and what is in it, as far as that can be shown.

use api::WorkspacePath;
use api::files::FileEntry;
use leptos::prelude::*;

use super::delete::Delete;
use super::download::{Download, What};
use super::files::Files;
use super::go;
use super::shown::shown;
use crate::parts::ago::Ago;
use crate::parts::awaiting::{Empty, Loading};
use crate::parts::icon::{Icon, Sign};
use crate::text::address::Address;
use crate::text::name::{folder, visible};
use crate::text::numbers::bytes;
use crate::text::preview::{MAX_BYTES, Preview as Kind, of};

/// The file of a preview, as it was listed last.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) files: Files,
    pub(super) path: WorkspacePath,
    pub(super) entry: Memo<Option<FileEntry>>,
    pub(super) address: Memo<Address>,
}

impl Shown {
    /// To be called where the file is read, so that it is read again when it has changed.
    pub(super) fn track(&self) {
        self.entry.track();
    }

    /// Its media type.
    pub(super) fn media_type(&self) -> String {
        self.entry.with_untracked(|entry| {
            entry
                .as_ref()
                .map(|entry| entry.info.content_type.clone())
                .unwrap_or_default()
        })
    }

    /// A name for what is shown, for those who can't see it.
    pub(super) fn name(&self) -> String {
        visible(self.path.file_name())
    }

    pub(super) fn download(&self, label: &'static str) -> impl IntoView + use<> {
        let what = What::File(self.path.clone());
        view! { <Download files=self.files what label /> }
    }
}

#[component]
pub(super) fn Preview(files: Files, path: String, address: Memo<Address>) -> impl IntoView {
    let path = match WorkspacePath::parse(&path) {
        Ok(path) => path,
        Err(error) => {
            return view! {
                <Back files address />
                <Empty title="This file can't be shown">
                    <p class="state-hint">{error.to_string()}</p>
                    <p>"A program of this session can rename it. It is among those that Download all saves."</p>
                </Empty>
            }
            .into_any();
        }
    };
    let entry = {
        let path = path.clone();
        Memo::new(move |_| files.entry(path.as_str()))
    };
    let is_there = Memo::new(move |_| entry.with(Option::is_some));
    let is_whole = Memo::new(move |_| files.with(|listing| listing.is_some_and(|l| l.is_whole)));
    let file = Shown {
        files,
        path,
        entry,
        address,
    };
    let body = move || match (is_there.get(), is_whole.get()) {
        (true, _) => view! { <Found file=file.clone() /> }.into_any(),
        (false, true) => {
            let title = format!("There is no {}", visible(file.path.as_str()));
            view! { <Empty title><p>"It was deleted or renamed, or was never there."</p></Empty> }
                .into_any()
        }
        (false, false) => view! { <Loading /> }.into_any(),
    };
    view! { <Back files address />{body} }.into_any()
}

/// Back to the list, where there is no room for both.
#[component]
fn Back(files: Files, address: Memo<Address>) -> impl IntoView {
    let href = move || {
        let address = Address {
            files: true,
            ..without_file(&address.get())
        };
        address.of(files.session().as_str())
    };
    view! { <a class="preview-back" href=href data-noscroll=""><Icon sign=Sign::Chevron />"All files"</a> }
}

fn without_file(address: &Address) -> Address {
    Address {
        file: String::new(),
        sheet: String::new(),
        ..address.clone()
    }
}

#[component]
fn Found(file: Shown) -> impl IntoView {
    let entry = file.entry;
    let kind = of(file.path.as_str());
    let too_large = Memo::new(move |_| {
        // Text is read as far as it is shown, and tables are read by the server.
        let any_size = matches!(
            kind,
            Kind::Json | Kind::Markdown | Kind::Python | Kind::Text
        );
        !any_size && kind != Kind::Table && size(entry) > MAX_BYTES
    });
    let body = {
        let file = file.clone();
        move || match (too_large.get(), kind) {
            (true, _) => {
                let why = format!("Files of up to {} are shown here.", bytes(MAX_BYTES));
                nothing(&file, "Too large to be shown", why)
            }
            (false, Kind::None) => {
                let why = format!("{}, {}", file.media_type(), bytes(size(entry)));
                nothing(&file, "There is no preview of such a file", why)
            }
            (false, kind) => shown(&file, kind),
        }
    };
    let go = go(file.files.session());
    let address = file.address;
    let gone = move || {
        let path = address.with_untracked(|address| address.file.clone());
        let back = Address {
            files: true,
            ..without_file(&address.get_untracked())
        };
        // Unless another file is shown by now.
        if !path.is_empty() {
            go(back, true);
        }
    };
    let above = match folder(file.path.as_str()) {
        "" => String::new(),
        folder => visible(folder) + "/",
    };
    let modified = move || {
        let modified = entry.with(|entry| entry.as_ref().map(|entry| entry.info.modified));
        modified.map(|at| view! { <Ago at /> })
    };
    view! {
        <article class="preview" aria-label=file.name()>
            <header class="preview-head">
                <div class="preview-what">
                    <h3 class="mono"><span class="preview-folder">{above}</span>{file.name()}</h3>
                    <p class="muted tabular">{move || bytes(size(entry))}", changed "{modified}</p>
                </div>
                <div class="pane-actions">
                    {file.download("Download")}
                    <Delete files=file.files path=file.path.clone() gone />
                </div>
            </header>
            {body}
        </article>
    }
}

fn nothing(file: &Shown, title: &'static str, why: String) -> AnyView {
    let download = file.download("Download it");
    view! { <Empty title><p>{why}</p>{download}</Empty> }.into_any()
}

fn size(entry: Memo<Option<FileEntry>>) -> u64 {
    entry.with(|entry| entry.as_ref().map_or(0, |entry| entry.info.size))
}
