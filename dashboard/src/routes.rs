//! A file a page.

pub(crate) mod execution;
pub(crate) mod not_found;
pub(crate) mod overview;
pub(crate) mod playground;
pub(crate) mod prompts;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod settings;

use leptos::prelude::*;

/// Names the page, in the tab and for those who hear it.
pub(crate) fn title(title: &str) {
    document().set_title(&format!("{title} · Vivarium"));
}
