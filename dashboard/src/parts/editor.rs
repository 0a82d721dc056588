//! A field for Python: a text area with nothing to see in it but the caret and the selection, over the same text in
//! colours. Only the lines that are seen are coloured, so that a long program is written as quickly as a short one.

use leptos::ev::KeyboardEvent;
use leptos::html::{Div, Textarea};
use leptos::prelude::*;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

use crate::parts::code::painted;
use crate::parts::windowed::on_resize;
use crate::text::editing::{Edit, indent, new_line, outdent};
use crate::text::lines::{coloured, count};
use crate::text::window::visible;

/// Pixels, as the style sheet has it.
const LINE: f64 = 20.0;

/// What is seen of the text: scrolled down, scrolled sideways, its height.
type Place = (f64, f64, f64);

#[component]
pub(crate) fn Editor(
    text: RwSignal<String>,
    /// What is written here.
    #[prop(into)]
    label: String,
    /// The field's id, unique in the page.
    id: &'static str,
    /// Ctrl and Enter.
    #[prop(optional, into)]
    run: Option<Callback<()>>,
    #[prop(optional, into)] placeholder: Signal<String>,
    /// Whether it is as high as what is in it at first, and no higher than the style sheet allows.
    #[prop(optional)]
    fits: bool,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let height = text.with_untracked(|text| count(text) as f64 * LINE + 2.0 * LINE);
    let height = fits.then(|| format!("{height}px"));
    let field = NodeRef::<Textarea>::new();
    let place = RwSignal::new((0.0, 0.0, 600.0));
    let measure = move || {
        // When it is drawn, the editor may be gone with its page.
        if let Some(field) = field.try_get_untracked().flatten() {
            place.try_set((
                f64::from(field.scroll_top()),
                f64::from(field.scroll_left()),
                f64::from(field.client_height()),
            ));
        }
    };
    Effect::new(move || {
        field.track();
        text.track();
        request_animation_frame(measure);
    });
    on_resize(frame, measure);
    let press = move |event: KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let Some(field) = field.get_untracked() else {
            return;
        };
        let with_control = event.ctrl_key() || event.meta_key();
        let edit: fn(&str, u32, u32) -> Edit = match (event.key().as_str(), with_control) {
            ("Enter", true) => {
                event.prevent_default();
                if let Some(run) = run {
                    run.run(());
                }
                return;
            }
            ("Tab", false) if event.shift_key() => outdent,
            ("Tab", false) if !event.alt_key() => indent,
            ("Enter", false) if !event.shift_key() && !event.alt_key() => new_line,
            _ => return,
        };
        event.prevent_default();
        let (start, end) = selection(&field);
        replace(&field, &edit(&field.value(), start, end));
        text.set(field.value());
    };
    let hint = format!("{id}-keys");
    view! {
        <div class="editor" node_ref=frame style:height=height>
            <Sheet text place />
            <textarea
                id=id class="editor-text" node_ref=field wrap="off" spellcheck="false" autocapitalize="off" autocomplete="off"
                aria-label=label aria-describedby=hint.clone() placeholder=placeholder
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
                on:keydown=press
                on:scroll=move |_| measure()
            ></textarea>
            <span class="hidden" id=hint>"Tab indents. To leave the field, press Escape and then Tab."</span>
        </div>
    }
}

/// What is under the field: the lines that are seen, in colours, with their numbers.
#[component]
fn Sheet(text: RwSignal<String>, place: RwSignal<Place>) -> impl IntoView {
    let lines = Memo::new(move |_| text.with(|text| count(text)));
    let range = Memo::new(move |_| {
        let (top, _, height) = place.get();
        visible(top, height, LINE, lines.get())
    });
    let down = move || {
        let (top, _, _) = place.get();
        range.get().start as f64 * LINE - top
    };
    let numbers = move || {
        let numbers = range.get().map(|line| format!("{}\n", line + 1));
        numbers.collect::<String>()
    };
    let colours = move || text.with(|text| painted(coloured(text, range.get())));
    let moved = move || format!("translate({}px, {}px)", -place.get().1, down());
    view! {
        <div class="editor-sheet" aria-hidden="true">
            <pre class="editor-colours" style:transform=moved>{colours}</pre>
            <div class="editor-gutter"><pre style:transform=move || format!("translateY({}px)", down())>{numbers}</pre></div>
        </div>
    }
}

fn selection(field: &HtmlTextAreaElement) -> (u32, u32) {
    let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or_default();
    (place(field.selection_start()), place(field.selection_end()))
}

/// Writes as if it had been typed, so that the browser's Undo takes it back.
fn replace(field: &HtmlTextAreaElement, edit: &Edit) {
    // A field that is in the page can be selected in.
    let _ = field.set_selection_range(edit.from, edit.to);
    let (command, is_nothing) = match edit.text.is_empty() {
        true => ("delete", edit.from == edit.to),
        false => ("insertText", false),
    };
    let typed = document()
        .unchecked_into::<HtmlDocument>()
        .exec_command_with_show_ui_and_value(command, false, &edit.text);
    if typed != Ok(true) && !is_nothing {
        // Without Undo, then.
        let _ = field.set_range_text_with_start_and_end(&edit.text, edit.from, edit.to);
    }
    let _ = field.set_selection_range(edit.select.0, edit.select.1);
}

/// Writes another text into the field with this id, as if it had been typed.
pub(crate) fn write(id: &str, text: &str) {
    let field = document().get_element_by_id(id);
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return;
    };
    // A field that is in the page takes the focus.
    let _ = field.focus();
    replace(
        &field,
        &Edit {
            from: 0,
            to: field.value().encode_utf16().count() as u32,
            text: text.to_owned(),
            select: (0, 0),
        },
    );
    field.set_scroll_top(0);
}
