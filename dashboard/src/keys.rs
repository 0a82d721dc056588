//! The keyboard: keys that work on every page, while nothing is being written.

use leptos::ev;
use leptos::prelude::*;
use leptos::web_sys;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::browser::elements;

/// The keys, as the help lists them.
pub(crate) const KEYS: [(&str, &str); 11] = [
    ("?", "This list"),
    ("/", "Search"),
    ("j", "Next row"),
    ("k", "Row before"),
    ("Enter", "Open the row"),
    ("g o", "Overview"),
    ("g s", "Sessions"),
    ("g p", "Playground"),
    ("g l", "Prompt logs"),
    ("g e", "Settings"),
    ("Esc", "Close, or leave a field"),
];

/// What [`KEYS`] are handled with; the dialog that lists them is the shell's and is opened by this attribute.
pub(crate) const HELP: &str = "data-help";

/// Listens for as long as the page is there.
pub(crate) fn listen() {
    let navigate = use_navigate();
    let after_g = StoredValue::new(false);
    window_event_listener(ev::keydown, move |event| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
            return;
        }
        let key = event.key();
        if key == "Escape" {
            leave_field(&event);
            return;
        }
        if is_writing(&event) || !elements("dialog[open]").is_empty() {
            return;
        }
        let go = after_g.get_value();
        after_g.set_value(key == "g");
        let target = match (go, key.as_str()) {
            (true, "o") => Some("/"),
            (true, "s") => Some("/sessions"),
            (true, "p") => Some("/playground"),
            (true, "l") => Some("/prompts"),
            (true, "e") => Some("/settings"),
            _ => None,
        };
        if let Some(target) = target {
            event.prevent_default();
            return navigate(target, Default::default());
        }
        match key.as_str() {
            "?" => elements(&format!("[{HELP}]"))
                .first()
                .map(HtmlElement::click),
            "/" => focus(elements("[data-search]").first()),
            "j" => step(1),
            "k" => step(-1),
            _ => return,
        };
        event.prevent_default();
    });
}

fn is_writing(event: &KeyboardEvent) -> bool {
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
    else {
        return false;
    };
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.is_content_editable()
}

fn leave_field(event: &KeyboardEvent) {
    if is_writing(event)
        && let Some(element) = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
    {
        // An element that can't lose the focus has none.
        let _ = element.blur();
    }
}

fn focus(element: Option<&HtmlElement>) -> Option<()> {
    element?.focus().ok()
}

/// Moves the focus among the rows of the page.
fn step(by: isize) -> Option<()> {
    let rows = elements("[data-row]");
    let focused = document().active_element();
    let at = rows
        .iter()
        .position(|row| focused.as_ref() == Some(row.as_ref()));
    let next = match at {
        Some(at) => at.saturating_add_signed(by).min(rows.len().checked_sub(1)?),
        None => 0,
    };
    focus(rows.get(next))
}
