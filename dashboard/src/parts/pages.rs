//! The way through a list that is longer than a page.

use leptos::prelude::*;

use crate::parts::filters::{go_to_query, query_of_page};

/// To the next page, and back to the first; the page before is the browser's own Back.
#[component]
pub(crate) fn Pages(next: Signal<Option<String>>) -> impl IntoView {
    let query = query_of_page();
    let go = go_to_query();
    let begun = move || query.with(|query| query.cursor.is_some());
    let to = move |cursor: Option<String>| {
        let go = go.clone();
        move |_| {
            let mut query = query.get_untracked();
            query.cursor.clone_from(&cursor);
            go(query, false);
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    };
    move || {
        let newest = begun().then(
            || view! { <button type="button" class="button" on:click=to(None)>"Newest"</button> },
        );
        let older = next.get().map(|cursor| view! { <button type="button" class="button" on:click=to(Some(cursor))>"Older"</button> });
        (newest.is_some() || older.is_some()).then(
            || view! { <nav class="pages" aria-label="Pages of the list">{newest}{older}</nav> },
        )
    }
}
