//! What outlives the page: it is there when the page is loaded again in the same tab.

use std::str::FromStr;

use leptos::prelude::*;

use crate::browser::tab_storage;

/// What is kept as long as the tab.
pub(super) fn kept<T: FromStr + ToString + Default + Send + Sync + 'static>(
    name: &str,
) -> RwSignal<T> {
    let key = format!("vivarium.playground.{name}");
    let kept = tab_storage().and_then(|storage| storage.get_item(&key).ok().flatten());
    let kept = kept.and_then(|kept| kept.parse().ok());
    let value = RwSignal::new(kept.unwrap_or_default());
    Effect::new(move || {
        if let Some(storage) = tab_storage() {
            // What is too long to be kept is there until the page is loaded again.
            let _ = value.with(|value: &T| storage.set_item(&key, &value.to_string()));
        }
    });
    value
}
