//! What came while the reader read: it moves nothing, and waits behind a button.

use std::collections::BTreeSet;

use api::live::Changes;
use leptos::prelude::*;

use super::{Entries, Open};
use crate::parts::filters::go_to_query;
use crate::parts::icon::{Icon, Sign};
use crate::text::numbers::count;
use crate::text::promptlog::may_list;
use crate::text::query::Query;

/// The page counts as seen from its top down to here, in pixels.
const TOP: f64 = 40.0;

/// Executions that are not shown yet.
#[derive(Clone, Copy)]
pub(super) struct News(RwSignal<BTreeSet<String>>);

impl Default for News {
    fn default() -> Self {
        Self(RwSignal::new(BTreeSet::new()))
    }
}

impl News {
    /// What is held back.
    pub(super) fn held(self) -> BTreeSet<String> {
        self.0.get_untracked()
    }

    pub(super) fn forget(self) {
        if self.0.with_untracked(|held| !held.is_empty()) {
            self.0.set(BTreeSet::new());
        }
    }

    /// Takes note of what changed; says whether what is shown is to be asked for again.
    pub(super) fn hear(
        self,
        changes: &Changes,
        entries: Entries,
        query: Memo<Query>,
        open: Open,
    ) -> bool {
        let query = query.get_untracked();
        let at_top = !query.is_narrowed()
            && query.cursor.is_none()
            && !open.is_any()
            && window().scroll_y().is_ok_and(|y| y < TOP);
        let (shown, newest) = untrack(|| {
            entries.with(|page| {
                let items = page.map(|page| page.items.as_slice()).unwrap_or_default();
                let ids: BTreeSet<String> = items
                    .iter()
                    .map(|entry| entry.execution_id.clone())
                    .collect();
                (ids, items.first().map(|entry| entry.started_at))
            })
        });
        let mut again = changes.reset || !changes.sessions.is_empty();
        for execution in &changes.executions {
            if shown.contains(&execution.execution_id) {
                again = true;
            } else if newest.is_none_or(|newest| execution.started_at >= newest)
                && may_list(&query, execution)
            {
                if at_top || newest.is_none() {
                    again = true;
                } else {
                    self.0.update(|held| {
                        held.insert(execution.execution_id.clone());
                    });
                }
            }
        }
        if at_top {
            self.forget();
        }
        again
    }
}

/// `3 new`, where there are any. It lies over the page rather than in it.
#[component]
pub(super) fn NewsButton(news: News, entries: Entries, query: Memo<Query>) -> impl IntoView {
    let go = go_to_query();
    let show = move |_| {
        news.forget();
        let mut first = query.get_untracked();
        match first.cursor.take() {
            Some(_) => go(first, false),
            None => entries.again(),
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
    };
    let number = Memo::new(move |_| news.0.with(BTreeSet::len));
    let button = move || {
        (number.get() > 0).then(|| {
            view! {
                <button type="button" class="button news-button" on:click=show.clone()>
                    <Icon sign=Sign::Refresh />
                    {move || format!("{} new", count(number.get() as u64))}
                </button>
            }
        })
    };
    view! { <div class="news" role="status">{button}</div> }
}
