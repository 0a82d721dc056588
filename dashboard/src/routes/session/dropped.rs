//! What was dropped: files, and folders with all that is in them.

use js_sys::{Array, Function, Promise};
use leptos::web_sys;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// More files than these are better sent as one archive.
pub(super) const MOST: usize = 2000;

/// A file by its path from where it was dropped; none where the browser can't read it.
pub(super) type Found = (String, Option<File>);

/// What a drop holds. The browser tells it during the event only.
pub(super) struct Dropped {
    entries: Vec<FileSystemEntry>,
    /// What is not from a file system.
    files: Vec<File>,
}

impl Dropped {
    pub(super) fn of(data: &DataTransfer) -> Self {
        let mut dropped = Self {
            entries: Vec::new(),
            files: Vec::new(),
        };
        let items = data.items();
        for item in (0..items.length()).filter_map(|index| items.get(index)) {
            if let Ok(Some(entry)) = item.webkit_get_as_entry() {
                dropped.entries.push(entry);
            } else if let Ok(Some(file)) = item.get_as_file() {
                dropped.files.push(file);
            }
        }
        dropped
    }

    /// All files, also those in folders; `None` where they are too many.
    pub(super) async fn files(self) -> Option<Vec<Found>> {
        let files = self.files.into_iter();
        let mut found: Vec<Found> = files.map(|file| (file.name(), Some(file))).collect();
        let mut rest = self.entries;
        while let Some(entry) = rest.pop() {
            let path = entry.full_path().trim_start_matches('/').to_owned();
            if entry.is_file() {
                found.push((path, file_of(entry.unchecked_ref()).await));
            } else {
                match inside(entry.unchecked_ref()).await {
                    Ok(inside) => rest.extend(inside),
                    Err(_) => found.push((path, None)),
                }
            }
            if found.len() > MOST {
                return None;
            }
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Some(found)
    }
}

async fn file_of(entry: &FileSystemFileEntry) -> Option<File> {
    let file = answer(|told, failed| entry.file_with_callback_and_callback(told, failed));
    file.await.ok()?.dyn_into().ok()
}

async fn inside(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    // It tells some at a time, and at the end none.
    loop {
        let some = answer(|told, failed| {
            // What can't be read is told to `failed`.
            let _ = reader.read_entries_with_callback_and_callback(told, failed);
        });
        let some = Array::from(&some.await?);
        if some.length() == 0 {
            return Ok(all);
        }
        all.extend(some.iter().map(JsValue::unchecked_into::<FileSystemEntry>));
    }
}

/// What a function tells that is older than promises.
async fn answer(ask: impl Fn(&Function, &Function)) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::new(&mut |told, failed| ask(&told, &failed))).await
}
