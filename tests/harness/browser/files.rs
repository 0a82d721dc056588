//! What a page has the browser download, and what is dropped on it.

use std::fs;
use std::path::{Path, PathBuf};

use fantoccini::Client;
use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// The folder that downloads go to.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.session.downloads()
    }

    /// What came down under this name, once it has: while it comes, it has another.
    #[track_caller]
    pub(crate) fn downloaded(&self, name: &str) -> Vec<u8> {
        let file = self.downloads().join(name);
        self.wait(&format!("the download {name}"), || {
            // Asking gives way to the browser.
            self.session.web.run(Client::current_url)?;
            Ok(fs::read(&file).ok())
        })
    }

    /// Drags files and folders over something.
    #[track_caller]
    pub(crate) fn drag_over(&self, css: &str, paths: &[&Path]) -> &Self {
        let (place, data) = (self.middle_of(css), dragged(paths));
        for kind in ["dragEnter", "dragOver"] {
            self.drag(kind, &place, &data);
        }
        self
    }

    /// Drops files and folders on something, as from a file manager.
    #[track_caller]
    pub(crate) fn drop_on(&self, css: &str, paths: &[&Path]) -> &Self {
        self.drag_over(css, paths);
        self.drag("drop", &self.middle_of(css), &dragged(paths));
        self
    }

    #[track_caller]
    fn drag(&self, kind: &str, place: &Value, data: &Value) {
        self.chromium(
            "Input.dispatchDragEvent",
            &json!({ "type": kind, "x": place[0], "y": place[1], "data": data }),
        );
    }

    /// Where something is seen.
    #[track_caller]
    fn middle_of(&self, css: &str) -> Value {
        self.wait_for(
            &format!("`{css}`"),
            "const found = document.querySelector(arguments[0]);
             if (!found) return null;
             found.scrollIntoView({ block: 'nearest' });
             const box = found.getBoundingClientRect();
             return [box.x + box.width / 2, box.y + Math.min(box.height, innerHeight) / 2]",
            &[css.into()],
        )
    }
}

fn dragged(paths: &[&Path]) -> Value {
    // 1: they are copied.
    json!({ "items": [], "files": paths, "dragOperationsMask": 1 })
}
