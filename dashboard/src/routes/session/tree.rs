//! The files as a tree: folders that open and close, files that are links to their previews.

use std::collections::HashMap;
use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::files::Files;
use super::go;
use super::place::reveal;
use super::workspace::FOLDER;
use crate::browser::elements;
use crate::parts::ago::Ago;
use crate::parts::awaiting::{Empty, Failed, Loading};
use crate::parts::icon::{Icon, Sign};
use crate::parts::search::SearchField;
use crate::parts::windowed::Windowed;
use crate::text::address::Address;
use crate::text::name::{folder, visible};
use crate::text::numbers::{bytes, count};
use crate::text::tree::{Kind, Line, is_found, lines};

/// The height of a row in pixels.
const ROW: f64 = 32.0;
/// A workspace of more files begins with its folders closed.
const FEW: u64 = 60;

/// What the rows of the tree need.
#[derive(Clone, Copy)]
struct Shown {
    lines: Memo<Arc<Vec<Line>>>,
    /// Folders that the reader opened or closed.
    toggled: RwSignal<HashMap<String, bool>>,
    address: Memo<Address>,
    here: RwSignal<String>,
    files: Files,
}

#[component]
pub(super) fn Tree(
    files: Files,
    address: Memo<Address>,
    /// The folder that uploads go into.
    here: RwSignal<String>,
) -> impl IntoView {
    let toggled = RwSignal::new(HashMap::<String, bool>::new());
    let search = Memo::new(move |_| address.with(|address| address.q.clone()));
    let selected = Memo::new(move |_| address.with(|address| address.file.clone()));
    // What is found is seen, whatever was closed before.
    Effect::new(move |before: Option<()>| {
        search.track();
        if before.is_some() {
            toggled.set(HashMap::new());
        }
    });
    let shown_lines = Memo::new(move |_| {
        let Some(listing) = files.with(|listing| listing.cloned()) else {
            return Arc::default();
        };
        let begins_open = listing.total_files <= FEW || !search.with(String::is_empty);
        let found = listing
            .entries
            .iter()
            .filter(|file| search.with(|search| is_found(&file.path, search)));
        let is_open = |path: &str| {
            let toggled = toggled.with(|toggled| toggled.get(path).copied());
            let leads_on = || {
                selected.with(|selected| {
                    selected
                        .strip_prefix(path)
                        .is_some_and(|rest| rest.starts_with('/'))
                })
            };
            toggled.unwrap_or_else(|| begins_open || leads_on())
        };
        Arc::new(lines(found, is_open))
    });
    let shown = Shown {
        lines: shown_lines,
        toggled,
        address,
        here,
        files,
    };
    // What there is to see: nothing yet, no files, none that is found, or some.
    let state = Memo::new(move |_| {
        let number = files.with(|listing| listing.map(|listing| listing.total_files));
        (
            number.map(|number| number > 0),
            shown_lines.with(|lines| lines.is_empty()),
        )
    });
    let problem = move || {
        let problem = files.problem();
        problem.map(|problem| view! { <Failed problem retry=move || files.refresh() /> })
    };
    let has_problem = Memo::new(move |_| files.problem().is_some());
    let clear = move || {
        let href = Address {
            q: String::new(),
            files: true,
            ..address.get()
        };
        href.of(files.session().as_str())
    };
    let tree = move || {
        match state.get() {
        (None, _) => (!has_problem.get()).then(|| view! { <Loading /> }).into_any(),
        (Some(false), _) => view! {
            <Empty title="No files yet">
                <p>"What a program writes into its folder is found here. You can also drop files here, or upload them, for programs to read."</p>
            </Empty>
        }
        .into_any(),
        (Some(true), true) => view! {
            <Empty title="No file is called like that">
                <a class="button" href=clear data-noscroll="">"Clear the search"</a>
            </Empty>
        }
        .into_any(),
        (Some(true), false) => view! { <Rows shown /> }.into_any(),
    }
    };
    let any = Memo::new(move |_| state.get().0 == Some(true));
    view! {
        <div class="tree">
            {move || any.get().then(|| view! { <Search files address /> })}
            {problem}
            {tree}
            <Beyond files />
        </div>
    }
}

#[component]
fn Search(files: Files, address: Memo<Address>) -> impl IntoView {
    let go = go(files.session());
    let search = move |q: String| {
        let files = address.with_untracked(|address| address.files || !q.is_empty());
        let address = Address {
            q,
            files,
            ..address.get_untracked()
        };
        go(address, true);
    };
    view! {
        <SearchField
            placeholder="Find a file"
            label="Find a file by its name"
            value=Signal::derive(move || address.with(|address| address.q.clone()))
            search
        />
    }
}

/// That there are more files than are listed.
#[component]
fn Beyond(files: Files) -> impl IntoView {
    let beyond = Memo::new(move |_| {
        files.with(|listing| {
            let listing = listing.filter(|listing| listing.is_whole)?;
            let listed = listing.entries.len() as u64;
            (listed < listing.total_files).then_some((listed, listing.total_files))
        })
    });
    move || {
        beyond.get().map(|(listed, all)| {
            view! {
                <p class="tree-note">{format!("These are {} of {} files. Download all to have the others.", count(listed), count(all))}</p>
            }
        })
    }
}

#[component]
fn Rows(shown: Shown) -> impl IntoView {
    let rows = Signal::derive(move || shown.lines.with(|lines| lines.to_vec()));
    let number = Memo::new(move |_| shown.lines.with(|lines| lines.len()));
    let key = |line: &Line| match line.kind {
        Kind::Folder { .. } => format!("{}/", line.path),
        Kind::File(_) => line.path.clone(),
    };
    let list = NodeRef::<Div>::new();
    let selected = Memo::new(move |_| shown.address.with(|address| address.file.clone()));
    let is_whole = Memo::new(move |_| shown.files.with(|l| l.is_some_and(|l| l.is_whole)));
    // A file that an address leads to is seen, also where it is the last of many.
    Effect::new(move || {
        let selected = selected.get();
        if is_whole.get() && !selected.is_empty() {
            request_animation_frame(move || {
                let lines = shown.lines.try_get_untracked().unwrap_or_default();
                if let Some(at) = lines.iter().position(|line| line.path == selected) {
                    reveal(list, at, ROW);
                }
            });
        }
    });
    view! {
        <div class="tree-rows" node_ref=list style=("--rows", move || number.get().to_string()) on:keydown=steer>
            <Windowed rows key row_height=ROW label="Files" more=|| () let:line>{row(shown, line)}</Windowed>
        </div>
    }
}

/// A row; what it shows of its line changes in its place.
fn row(shown: Shown, line: Line) -> impl IntoView {
    let Line {
        path, name, depth, ..
    } = line.clone();
    let name = visible(&name);
    let title = visible(&path);
    let depth = depth.to_string();
    let known = path.clone();
    let now = Memo::new(move |before: Option<&Line>| {
        let found = shown
            .lines
            .with(|lines| lines.iter().find(|line| line.path == known).cloned());
        found
            .or_else(|| before.cloned())
            .unwrap_or_else(|| line.clone())
    });
    if let Kind::Folder { .. } = now.with_untracked(|line| line.kind.clone()) {
        let of_folder = move || match now.with(|line| line.kind.clone()) {
            Kind::Folder { open, files } => (open, files),
            Kind::File(_) => (false, 0),
        };
        let dropped = path.clone();
        let click = move |_| {
            let open = !of_folder().0;
            shown.toggled.update(|toggled| {
                toggled.insert(path.clone(), open);
            });
            let here = if open {
                path.clone()
            } else {
                folder(&path).to_owned()
            };
            shown.here.set(here);
        };
        return view! {
            <button
                type="button" class="node node-folder" title=title data-row="" style=("--depth", depth)
                aria-expanded=move || of_folder().0.to_string() on:click=click data-folder=dropped
            >
                <Icon sign=Sign::Chevron />
                <Icon sign=Sign::Folder />
                <span class="node-name">{name}</span>
                <span class="node-size">{move || count(of_folder().1)}<span class="hidden">" files"</span></span>
            </button>
        }
        .into_any();
    }
    let info = move || {
        now.with(|line| match &line.kind {
            Kind::File(file) => Some(file.info.clone()),
            Kind::Folder { .. } => None,
        })
    };
    let selected = {
        let path = path.clone();
        move || {
            shown
                .address
                .with(|address| address.file == path)
                .then_some("true")
        }
    };
    let parent = folder(&path).to_owned();
    let href = move || {
        let address = Address {
            file: path.clone(),
            sheet: String::new(),
            ..shown.address.get()
        };
        address.of(shown.files.session().as_str())
    };
    let size = move || info().map(|info| bytes(info.size));
    let modified = move || info().map(|info| view! { <Ago at=info.modified /> });
    view! {
        <a
            class="node" title=title data-row="" style=("--depth", depth) href=href aria-current=selected
            data-noscroll="" data-folder=parent
        >
            <Icon sign=Sign::File />
            <span class="node-name">{name}</span>
            <span class="node-size">{size}</span>
            <span class="node-time">{modified}</span>
        </a>
    }
    .into_any()
}

/// Arrows move among the rows, open and close.
fn steer(event: KeyboardEvent) {
    let rows = elements(&format!(".tree [{FOLDER}]"));
    let focused = document().active_element();
    let Some(at) = rows
        .iter()
        .position(|row| focused.as_ref() == Some(row.as_ref()))
    else {
        return;
    };
    let to = match event.key().as_str() {
        "ArrowDown" => at + 1,
        "ArrowUp" => at.saturating_sub(1),
        key @ ("ArrowRight" | "ArrowLeft") => {
            let closed = if key == "ArrowRight" { "false" } else { "true" };
            if rows[at].get_attribute("aria-expanded").as_deref() == Some(closed) {
                rows[at].click();
            }
            at
        }
        _ => return,
    };
    event.prevent_default();
    if let Some(row) = rows.get(to) {
        // A row that is there takes the focus.
        let _ = row.focus();
    }
}
