//! Files that a run made or changed.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::parts::icon::{Icon, Sign};

/// More than these are counted.
const SHOWN: usize = 40;

/// Where the page of a session shows a file.
pub(crate) fn file_link(session: &str, path: &str) -> String {
    let path = String::from(js_sys::encode_uri_component(path));
    format!("/sessions/{session}?file={path}")
}

#[component]
pub(crate) fn ChangedFiles(session: String, paths: Vec<String>) -> impl IntoView {
    let more = paths.len().saturating_sub(SHOWN);
    let files = paths.into_iter().take(SHOWN).map(|path| {
        let link = file_link(&session, &path);
        view! { <li><A href=link attr:class="changed-file"><Icon sign=Sign::File /><span>{path}</span></A></li> }
    });
    let files = files.collect_view();
    let more = (more > 0).then(|| {
        view! { <li><A href=format!("/sessions/{session}") attr:class="changed-file">{format!("and {more} more")}</A></li> }
    });
    view! { <ul class="changed-files">{files}{more}</ul> }
}
