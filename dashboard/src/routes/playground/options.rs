//! Where a program is run, for how long, and what it reads.

use api::SessionId;
use api::client::PageOf;
use api::config::Config;
use api::filter::Filter;
use leptos::prelude::*;

use crate::fetched::{Fetched, fetch};
use crate::live::Live;
use crate::parts::fold::Fold;
use crate::routes::playground::Desk;

/// Sessions to choose from; any other can be typed.
const LATEST: u32 = 20;

#[component]
pub(super) fn Options(
    session: Memo<String>,
    pick: impl Fn(String) + Clone + Send + Sync + 'static,
    is_bad: Memo<bool>,
    config: Fetched<Config>,
) -> impl IntoView {
    let desk: Desk = expect_context();
    let sessions = fetch(|client| async move {
        let page = PageOf {
            limit: Some(LATEST),
            cursor: None,
        };
        client.sessions(&Filter::default(), &page).await
    });
    let live: Live = expect_context();
    live.on_change(move |_| sessions.again());
    let choices = move || {
        sessions.with(|page| {
            let ids = page.into_iter().flat_map(|page| &page.items);
            ids.map(|session| view! { <option value=session.session_id.clone()></option> })
                .collect_view()
        })
    };
    let setting = move |name: &'static str| {
        config.with(|config| {
            let settings = &config?.settings;
            let setting = settings.iter().find(|setting| setting.name == name)?;
            Some(setting.value.clone())
        })
    };
    let wrong = move || {
        is_bad.get().then(|| {
            let why = session.with(|session| SessionId::parse(session).err());
            why.map(|why| view! { <p class="form-error" id="session-wrong" role="alert">{why.to_string()}</p> })
        })
    };
    let type_session = move |event| pick(event_target_value(&event).trim().to_owned());
    view! {
        <div class="options">
            <label class="option option-session">
                <span>"Session"</span>
                <input
                    class="field mono" list="latest-sessions" placeholder="a new one" autocomplete="off" spellcheck="false"
                    prop:value=session
                    prop:disabled=move || desk.each_anew.get()
                    aria-invalid=move || is_bad.get().to_string()
                    aria-describedby=move || is_bad.get().then_some("session-wrong")
                    on:input=type_session
                />
                <datalist id="latest-sessions">{choices}</datalist>
            </label>
            <label class="option option-time">
                <span>"Time limit, s"</span>
                <input
                    class="field" type="number" min="0.1" step="any" max=move || setting("python_executor_max_timeout")
                    placeholder=move || setting("python_executor_timeout").unwrap_or_default()
                    prop:value=desk.timeout
                    on:input=move |event| desk.timeout.set(event_target_value(&event))
                />
            </label>
            <label class="option-check">
                <input
                    type="checkbox" prop:checked=desk.each_anew
                    on:change=move |event| desk.each_anew.set(event_target_checked(&event))
                />
                <span>"A new session each time"</span>
            </label>
        </div>
        {wrong}
        <Fold summary="Standard input" open={!desk.stdin.get_untracked().is_empty()}>
            <textarea
                class="field mono" rows="4" aria-label="Standard input" placeholder="What input() and sys.stdin read"
                spellcheck="false" prop:value=desk.stdin
                on:input=move |event| desk.stdin.set(event_target_value(&event))
            ></textarea>
        </Fold>
    }
}
