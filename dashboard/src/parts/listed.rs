//! A list that is narrowed by its address: its rows, or why there are none.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::parts::awaiting::Empty;
use crate::parts::filters::query_of_page;
use crate::text::query::Query;

#[component]
pub(crate) fn Listed(
    #[prop(into)] is_empty: Signal<bool>,
    /// Where the list is not narrowed.
    path: &'static str,
    /// What is said where the search and the filters leave nothing.
    nothing: &'static str,
    /// What is said where there is nothing at all.
    none: &'static str,
    /// What would make something.
    why: &'static str,
    /// The rows. They are not made anew when others come.
    children: ChildrenFn,
) -> impl IntoView {
    let query = query_of_page();
    let state = Memo::new(move |_| (is_empty.get(), query.with(Query::is_narrowed)));
    move || match state.get() {
        (true, true) => view! {
            <Empty title=nothing>
                <p>"Nothing matches the search and the filters."</p>
                <A href=path attr:class="button">"Clear them"</A>
            </Empty>
        }
        .into_any(),
        (true, false) => view! {
            <Empty title=none>
                <p>{why}</p>
                <A href="/playground" attr:class="button button-main">"Run something"</A>
            </Empty>
        }
        .into_any(),
        (false, _) => children().into_any(),
    }
}
