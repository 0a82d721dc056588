//! What narrows a list: search, mode, status, time. All of it is in the address of the page.

use api::history::Status;
use api::tool::Mode;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::parts::search::SearchField;
use crate::text::query::{MODES, Query, STATUSES, WITHIN};

/// What the address of this page says.
pub(crate) fn query_of_page() -> Memo<Query> {
    let parameters = use_query_map();
    Memo::new(move |_| parameters.with(|parameters| Query::read(|name| parameters.get(name))))
}

/// Goes to the same page with another query. What is typed letter by letter does not fill the history.
pub(crate) fn go_to_query() -> impl Fn(Query, bool) + Clone + Send + Sync + 'static {
    let navigate = use_navigate();
    let path = use_location().pathname;
    move |query, replace| {
        navigate(
            &address(path.get_untracked(), query.parameters()),
            NavigateOptions {
                replace,
                scroll: false,
                ..Default::default()
            },
        );
    }
}

/// A path with parameters behind it.
pub(crate) fn address(mut path: String, parameters: Vec<(&'static str, String)>) -> String {
    for (index, (name, value)) in parameters.into_iter().enumerate() {
        let value = String::from(js_sys::encode_uri_component(&value));
        path += &format!("{}{name}={value}", if index == 0 { '?' } else { '&' });
    }
    path
}

#[component]
pub(crate) fn Filters(
    /// What is searched, for the field: `Search sessions`.
    #[prop(into)]
    search: String,
    /// What else narrows the list, or what can be done with it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let query = query_of_page();
    let go = go_to_query();
    // Another list begins at its beginning.
    let change = move |change: &dyn Fn(&mut Query), replace: bool| {
        let mut query = query.get_untracked();
        change(&mut query);
        query.cursor = None;
        go(query, replace);
    };
    let on_search = {
        let change = change.clone();
        move |text: String| change(&|query| query.q.clone_from(&text), true)
    };
    let select = |label: &'static str,
                  all: &'static str,
                  options: Vec<(&'static str, &'static str)>,
                  value: Signal<String>,
                  set: fn(&mut Query, &str)| {
        let change = change.clone();
        let options = options.into_iter().map(|(word, text)| {
            view! { <option value=word selected=move || value.with(|value| value == word)>{text}</option> }
        });
        view! {
            <select
                class="field"
                aria-label=label
                prop:value=value
                on:change=move |event| {
                    let word = event_target_value(&event);
                    change(&|query| set(query, &word), false);
                }
            >
                <option value="">{all}</option>
                {options.collect_view()}
            </select>
        }
    };
    let status = Signal::derive(move || {
        query.with(|query| query.status.map_or("", Status::as_str).to_owned())
    });
    let mode =
        Signal::derive(move || query.with(|query| query.mode.map_or("", Mode::as_str).to_owned()));
    let within =
        Signal::derive(move || query.with(|query| query.within.unwrap_or_default().to_owned()));
    let statuses = STATUSES
        .iter()
        .map(|(status, text)| (status.as_str(), *text))
        .collect();
    let modes = MODES
        .iter()
        .map(|(mode, text)| (mode.as_str(), *text))
        .collect();
    let times = WITHIN
        .iter()
        .map(|(word, text, _)| (*word, *text))
        .collect();
    view! {
        <search class="filters">
            <SearchField
                placeholder=search
                value=Signal::derive(move || query.with(|query| query.q.clone()))
                search=on_search
            />
            {select("Status", "Any status", statuses, status, |query, word| query.status = Query::read(|_| Some(word.to_owned())).status)}
            {select("Mode", "Any mode", modes, mode, |query, word| query.mode = Query::read(|_| Some(word.to_owned())).mode)}
            {select("Time", "Any time", times, within, |query, word| query.within = Query::read(|_| Some(word.to_owned())).within)}
            {children.map(|children| children())}
        </search>
    }
}
