//! A long list of which only the visible rows are made. Its next page is fetched before its end is seen.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::web_sys::ResizeObserver;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;

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
        // When it is drawn, the list may be gone with what it was part of.
        if let Some(list) = list.try_get_untracked().flatten() {
            place.try_set((
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
    on_resize(list, measure);
    // Rows that come or go above what is seen leave it where it is.
    let first = move || {
        let index = (place.get_untracked().0 / row_height) as usize;
        let key = rows.with_untracked(|rows| rows.get(index).map(key));
        key.map(|key| (index, key))
    };
    let seen = StoredValue::new(None::<(usize, String)>);
    Effect::new(move || {
        let (top, _) = place.get();
        seen.set_value(if top > 0.0 { first() } else { None });
    });
    Effect::new(move || {
        let moved = rows.with(|rows| {
            let (before, known) = seen.get_value()?;
            let now = rows.iter().position(|row| key(row) == known)?;
            Some(now as f64 - before as f64).filter(|by| *by != 0.0)
        });
        if let (Some(by), Some(list)) = (moved, list.get_untracked()) {
            let top = f64::from(list.scroll_top()) + by * row_height;
            // The list grows before it is scrolled.
            request_animation_frame(move || list.set_scroll_top(top as i32));
        }
    });
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

/// Calls `changed` when the list gets another size, or is seen again.
pub(crate) fn on_resize(list: NodeRef<Div>, changed: impl Fn() + Copy + 'static) {
    let called = Closure::<dyn Fn()>::new(changed);
    let Ok(observer) = ResizeObserver::new(called.as_ref().unchecked_ref()) else {
        return;
    };
    let kept = StoredValue::new_local(Some((observer, called)));
    Effect::new(move || {
        if let Some(list) = list.get() {
            kept.with_value(|kept| {
                if let Some((observer, _)) = kept {
                    observer.observe(&list);
                }
            });
        }
    });
    on_cleanup(move || {
        if let Some((observer, _)) = kept.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
}
