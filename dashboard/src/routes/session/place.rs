//! Where one is in a long list.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// Scrolls to a row of the list in `rows`, unless it is seen.
pub(super) fn reveal(rows: NodeRef<Div>, at: usize, row_height: f64) {
    let list = rows.try_get_untracked().flatten();
    let Some(list) = list.and_then(|rows| rows.first_element_child()) else {
        return;
    };
    let (top, height) = (
        f64::from(list.scroll_top()),
        f64::from(list.client_height()),
    );
    let row = at as f64 * row_height;
    if row < top || row + row_height > top + height {
        list.set_scroll_top((row - (height - row_height) / 2.0) as i32);
    }
}

/// The row in the middle of what is seen, if the list was scrolled.
pub(super) fn middle(rows: NodeRef<Div>, row_height: f64) -> Option<usize> {
    let list = rows.try_get_untracked()??.first_element_child()?;
    let top = f64::from(list.scroll_top());
    let middle = top + f64::from(list.client_height()) / 2.0;
    (top > 0.0).then_some((middle / row_height) as usize)
}

/// Keeps where one is with this entry of the browser's history, so that going back and loading again lead there.
pub(super) fn keep(id: Option<&str>) {
    if let Ok(history) = window().history() {
        let id = id.map_or(JsValue::NULL, JsValue::from);
        // Where that is not possible, the list begins at its top.
        let _ = history.replace_state(&id, "");
    }
}

/// What was kept.
pub(super) fn kept() -> Option<String> {
    window().history().ok()?.state().ok()?.as_string()
}
