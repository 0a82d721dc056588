//! Settings: each with its value, what it means and how it is changed; what Python there is; what a model is told.

mod group;
mod mode;
mod packages;
mod python;
mod tool;

use std::time::Duration;

use api::config::Config;
use leptos::prelude::*;

use crate::fetched::fetch;
use crate::live::Live;
use crate::parts::awaiting::Await;
use crate::routes::title;
use crate::text::settings::grouped;
use crate::throttle::{every, throttled};
use group::Group;
use mode::Modes;
use python::Python;
use tool::Tools;

const PAUSE: Duration = Duration::from_secs(2);
const TICK: Duration = Duration::from_secs(30);

#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    title("Settings");
    let config = fetch(|client| async move { client.config().await });
    // How many run is told with them.
    let refresh = throttled(PAUSE, move || config.again());
    let live: Live = expect_context();
    live.on_change(move |_| refresh());
    every(TICK, refresh);
    let version =
        move || config.with(|config| config.map(|config| format!("Vivarium {}", config.version)));
    view! {
        <header class="page-head"><h1>"Settings"</h1><p class="muted tabular">{version}</p></header>
        <Await what=config let:config><Shown config /></Await>
    }
}

#[component]
fn Shown(config: Signal<Config>) -> impl IntoView {
    let mode = Memo::new(move |_| config.with(|config| config.mode));
    let groups = Memo::new(move |_| config.with(|config| grouped(&config.settings)));
    let python = Memo::new(move |_| config.with(|config| config.python.clone()));
    let url = Memo::new(move |_| {
        config.with(|config| {
            let url = config
                .settings
                .iter()
                .find(|setting| setting.name == "python_url");
            url.map(|setting| setting.value.clone()).unwrap_or_default()
        })
    });
    view! {
        <div class="settings">
            <div class="settings-all">
                <Modes mode />
                <p class="muted settings-how">
                    "A setting is a variable: give it to " <code>"vivarium serve"</code> " or " <code>"spin up"</code>
                    " in the environment or with " <code>"--variable"</code> ", and start again."
                </p>
                {move || groups.get().into_iter().map(|(title, settings)| view! { <Group title settings /> }).collect_view()}
            </div>
            <div class="settings-python">
                <Python python url />
                <Tools />
            </div>
        </div>
    }
}
