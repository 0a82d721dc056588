//! A long list of which only the visible rows are made. Its next page is fetched before its end is seen.

use leptos::html::Div;
use leptos::prelude::*;

use crate::text::window::{visible, wants_more};

#[component]
pub(crate) fn Windowed<T, V>(
    /// All rows that are known.
    #[prop(into)]
    rows: Signal<Vec<T>>,
    /// What a row is known by.
    key: fn(&T) -> String,
    /// The height of a row in pixels, which the style sheet must give it.
    row_height: f64,
    /// What the list is, for those who can't see it.
    #[prop(into)]
    label: String,
    /// Called when the end comes near.
    more: impl Fn() + Send + Sync + 'static,
    children: impl Fn(T) -> V + Send + Sync + Clone + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let list = NodeRef::<Div>::new();
    let place = RwSignal::new((0.0, 800.0));
    let measure = move || {
        if let Some(list) = list.get_untracked() {
            place.set((
                f64::from(list.scroll_top()),
                f64::from(list.client_height()),
            ));
        }
    };
    Effect::new(move || {
        list.track();
        rows.track();
        request_animation_frame(measure);
    });
    window_event_listener(leptos::ev::resize, move |_| measure());
    let count = Memo::new(move |_| rows.with(Vec::len));
    let range = Memo::new(move |_| {
        let (top, height) = place.get();
        visible(top, height, row_height, count.get())
    });
    Effect::new(move || {
        if range.with(|range| wants_more(range, count.get())) {
            more();
        }
    });
    let shown = move || {
        rows.with(|rows| {
            rows[range.get().start.min(rows.len())..range.get().end.min(rows.len())].to_vec()
        })
    };
    let above = move || format!("{}px", range.get().start as f64 * row_height);
    let whole = move || format!("{}px", count.get() as f64 * row_height);
    view! {
        <div class="windowed" node_ref=list role="list" aria-label=label on:scroll=move |_| measure()>
            <div class="windowed-whole" style:height=whole>
                <div class="windowed-shown" style:transform=move || format!("translateY({})", above())>
                    <For each=shown key=key let:row>
                        <div role="listitem" style:height=format!("{row_height}px")>{children(row)}</div>
                    </For>
                </div>
            </div>
        </div>
    }
}
