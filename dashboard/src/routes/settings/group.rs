//! A group of settings.

use api::config::Setting;
use leptos::prelude::*;

use crate::parts::copy::Copy;
use crate::parts::ticks::with_code;
use crate::text::settings::{reading, ways};

#[component]
pub(super) fn Group(title: &'static str, settings: Vec<Setting>) -> impl IntoView {
    let id = title.to_lowercase().replace(' ', "-");
    let named = id.clone();
    view! {
        <section class="settings-group" aria-labelledby=named>
            <h2 id=id>{title}</h2>
            <ul class="card settings-list">{settings.into_iter().map(row).collect_view()}</ul>
        </section>
    }
}

fn row(setting: Setting) -> impl IntoView {
    let reading =
        reading(&setting).map(|reading| view! { <span class="setting-reading">{reading}</span> });
    let class = if setting.secret {
        "setting-secret"
    } else {
        "setting-value"
    };
    let shown = if setting.value.is_empty() {
        "(empty)".to_owned()
    } else {
        setting.value.clone()
    };
    let ways = ways(&setting).map(|way| {
        let copied = way.clone();
        view! {
            <div class="setting-way">
                <code>{way.clone()}</code>
                <Copy small=true label=format!("Copy {}", way.split('=').next().unwrap_or_default()) text=move || copied.clone() />
            </div>
        }
    });
    view! {
        <li class="setting">
            <div class="setting-what">
                <h3 class="mono">{setting.name.clone()}</h3>
                <p class="muted">{with_code(&setting.meaning)}</p>
            </div>
            <p class="setting-is"><span class=class>{shown}</span>{reading}</p>
            <details class="setting-change">
                <summary>"Change"<span class="hidden">{format!(" {}", setting.name)}</span></summary>
                {ways}
            </details>
        </li>
    }
}
