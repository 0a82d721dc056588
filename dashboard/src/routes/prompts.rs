//! Prompt logs: what was sent to a model and what came back, and the log as the server writes it. Newest first.

mod conversation;
mod download;
mod entry;
mod news;
mod session;

use std::collections::BTreeSet;
use std::time::Duration;

use api::client::PageOf;
use api::history::{Page, PromptLogEntry};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::browser::now_ms;
use crate::fetched::{Fetched, fetch};
use crate::live::Live;
use crate::parts::awaiting::Await;
use crate::parts::filters::{Filters, address, query_of_page};
use crate::parts::listed::Listed;
use crate::parts::pages::Pages;
use crate::routes::title;
use crate::text::query::Query;
use crate::throttle::throttled;
use download::Download;
use entry::Entry;
use news::{News, NewsButton};
use session::SessionField;

const ROWS: u32 = 30;
/// The most that the server gives at once.
const MAX_ROWS: usize = 200;
const PAUSE: Duration = Duration::from_secs(2);

/// The entries that are shown.
type Entries = Fetched<Page<PromptLogEntry>>;

#[component]
pub(crate) fn PromptsPage() -> impl IntoView {
    title("Prompt logs");
    let query = query_of_page();
    let open = Open::of_page(query);
    let news = News::default();
    let before = StoredValue::new(Query::default());
    let entries: Entries = fetch(move |client| {
        let query = query.get();
        if before.get_value() != query {
            before.set_value(query.clone());
            news.forget();
        }
        let held = news.held();
        async move {
            let room = if query.cursor.is_none() {
                held.len()
            } else {
                0
            };
            let page = PageOf {
                limit: u32::try_from(MAX_ROWS.min(ROWS as usize + room)).ok(),
                cursor: query.cursor.clone(),
            };
            let mut page = client.prompt_log(&query.filter(now_ms()), &page).await?;
            // What is new is held back until it is asked for, so that nothing moves under the reader.
            page.items
                .retain(|entry| !held.contains(&entry.execution_id));
            Ok(page)
        }
    });
    let refresh = throttled(PAUSE, move || entries.again());
    let live: Live = expect_context();
    live.on_change(move |changes| {
        if news.hear(changes, entries, query, open) {
            refresh();
        }
    });
    let is_empty =
        Signal::derive(move || entries.with(|page| page.is_some_and(|page| page.items.is_empty())));
    view! {
        <header class="page-head">
            <h1>"Prompt logs"</h1>
            <div class="page-actions"><Download query /></div>
        </header>
        <Filters search="Search by id, code or error"><SessionField /></Filters>
        <NewsButton news entries query />
        <Await what=entries let:_page>
            <Listed
                is_empty
                path="/prompts"
                nothing="No entry is like that"
                none="The log is empty"
                why="Every execution is logged here, with what was said to a model where one was asked."
            >
                <List entries open />
            </Listed>
        </Await>
    }
}

#[component]
fn List(entries: Entries, open: Open) -> impl IntoView {
    let ids = move || {
        entries.with(|page| {
            let items = page.iter().flat_map(|page| &page.items);
            items
                .map(|entry| entry.execution_id.clone())
                .collect::<Vec<_>>()
        })
    };
    view! {
        <ul class="prompts">
            <For each=ids key=String::clone let:id><Entry id entries open /></For>
        </ul>
        <Pages next=Signal::derive(move || entries.with(|page| page.and_then(|page| page.next_cursor.clone()))) />
    }
}

/// Goes to an address.
type Go = Box<dyn Fn(&str) + Send + Sync>;

/// Which entries are open: they are in the address, so that going back to them finds them so.
#[derive(Clone, Copy)]
struct Open {
    ids: Memo<BTreeSet<String>>,
    query: Memo<Query>,
    go: StoredValue<Go>,
}

impl Open {
    fn of_page(query: Memo<Query>) -> Self {
        let parameters = use_query_map();
        let navigate = use_navigate();
        let ids = Memo::new(move |_| {
            let open = parameters
                .with(|parameters| parameters.get("open"))
                .unwrap_or_default();
            open.split(',')
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect()
        });
        let go = move |url: &str| {
            navigate(
                url,
                NavigateOptions {
                    replace: true,
                    scroll: false,
                    ..Default::default()
                },
            );
        };
        Self {
            ids,
            query,
            go: StoredValue::new(Box::new(go)),
        }
    }

    fn has(self, id: &str) -> bool {
        self.ids.with(|ids| ids.contains(id))
    }

    fn is_any(self) -> bool {
        self.ids.with_untracked(|ids| !ids.is_empty())
    }

    fn toggle(self, id: &str) {
        let mut ids = self.ids.get_untracked();
        if !ids.remove(id) {
            ids.insert(id.to_owned());
        }
        let mut parameters = self.query.with_untracked(Query::parameters);
        if !ids.is_empty() {
            parameters.push(("open", ids.into_iter().collect::<Vec<_>>().join(",")));
        }
        self.go
            .with_value(|go| go(&address("/prompts".to_owned(), parameters)));
    }
}
