//! The workspace: its files, a preview of one of them, and a place to drop others.

use leptos::ev::DragEvent;
use leptos::html::{Input, Section};
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FileList, Node};

use super::download::{Download, What};
use super::dropped::{Dropped, Found};
use super::files::Files;
use super::preview::Preview;
use super::tree::Tree;
use super::upload_list::UploadList;
use super::uploads::Uploads;
use crate::parts::icon::{Icon, Sign};
use crate::text::address::Address;
use crate::text::name::{folder, visible};
use crate::text::numbers::{bytes, things};

/// On what can be dropped upon: the folder that it belongs to.
pub(super) const FOLDER: &str = "data-folder";

#[component]
pub(super) fn Workspace(files: Files, address: Memo<Address>) -> impl IntoView {
    let uploads = Uploads::of(files);
    let selected = Memo::new(move |_| address.with(|address| address.file.clone()));
    // The folder that was opened last, or that of the file that is shown.
    let here = RwSignal::new(String::new());
    Effect::new(move || here.set(selected.with(|path| folder(path).to_owned())));
    let over = RwSignal::new(None::<String>);
    let section = NodeRef::<Section>::new();

    let drag = move |event: DragEvent| {
        if has_files(&event) {
            event.prevent_default();
            over.set(Some(
                folder_of(&event).unwrap_or_else(|| here.get_untracked()),
            ));
        }
    };
    let leave = move |event: DragEvent| {
        let to = event
            .related_target()
            .and_then(|to| to.dyn_into::<Node>().ok());
        let inside = section
            .get_untracked()
            .is_some_and(|section| section.contains(to.as_ref()));
        if !inside {
            over.set(None);
        }
    };
    let drop = move |event: DragEvent| {
        let Some(folder) = over.try_update(Option::take).flatten() else {
            return;
        };
        event.prevent_default();
        if let Some(data) = event.data_transfer() {
            uploads.take(Dropped::of(&data), folder);
        }
    };
    let totals = move || {
        files.with(|listing| {
            let listing = listing?;
            let number = things(listing.total_files, "file", "files");
            Some(format!("{number}, {}", bytes(listing.total_bytes)))
        })
    };
    let any = Memo::new(move |_| files.with(|l| l.is_some_and(|listing| listing.total_files > 0)));
    let all_of_it = move || {
        any.get()
            .then(|| view! { <Download files what=What::All label="Download all" /> })
    };
    let zone = move || {
        over.get().map(|folder| {
            view! { <p class="dropzone" aria-hidden="true"><Icon sign=Sign::Upload />"Drop to upload into " <b>{place(&folder)}</b></p> }
        })
    };
    let preview = move || {
        let path = selected.get();
        match path.is_empty() {
            true => any
                .get()
                .then(|| view! { <p class="preview-none muted">"Choose a file to see what is in it."</p> })
                .into_any(),
            false => view! { <Preview files path address /> }.into_any(),
        }
    };
    view! {
        <section
            class="workspace" class:workspace-over=move || over.with(Option::is_some)
            data-file=move || selected.with(|path| !path.is_empty()).then_some("")
            aria-labelledby="workspace-title" node_ref=section
            on:dragenter=drag on:dragover=drag on:dragleave=leave on:drop=drop
        >
            <header class="pane-head">
                <h2 id="workspace-title">"Files"</h2>
                <span class="muted tabular">{totals}</span>
                <div class="pane-actions"><Choose uploads here />{all_of_it}</div>
            </header>
            <UploadList uploads />
            <div class="workspace-panes">
                <Tree files address here />
                <div class="preview-pane">{preview}</div>
            </div>
            {zone}
        </section>
    }
}

/// The button by which files are chosen, for those who don't drag.
#[component]
fn Choose(uploads: Uploads, here: RwSignal<String>) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let chosen = move |_| {
        if let Some(field) = field.get_untracked() {
            uploads.offer(all(field.files()), &here.get_untracked());
            // So that the same file can be chosen again.
            field.set_value("");
        }
    };
    let choose = move |_| {
        if let Some(field) = field.get_untracked() {
            field.click();
        }
    };
    let label = move || match here.with(String::is_empty) {
        true => "Upload".to_owned(),
        false => format!("Upload into {}", here.with(|here| place(here))),
    };
    view! {
        <button type="button" class="button" data-upload="" on:click=choose>
            <Icon sign=Sign::Upload /><span class="pane-label">{label}</span>
        </button>
        <input type="file" multiple hidden node_ref=field on:change=chosen aria-label="Files to upload" />
    }
}

/// A folder as it is called.
fn place(folder: &str) -> String {
    match folder {
        "" => "the workspace".to_owned(),
        folder => visible(folder) + "/",
    }
}

fn all(list: Option<FileList>) -> Vec<Found> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length())
        .filter_map(|index| list.get(index))
        .map(|file| (file.name(), Some(file)))
        .collect()
}

fn has_files(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// The folder under the pointer.
fn folder_of(event: &DragEvent) -> Option<String> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    let row = element.closest(&format!("[{FOLDER}]")).ok()??;
    row.get_attribute(FOLDER)
}
