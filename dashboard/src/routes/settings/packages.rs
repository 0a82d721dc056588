//! What can be imported.

use api::python::Health;
use leptos::prelude::*;

use crate::parts::filters::{go_to_query, query_of_page};
use crate::parts::fold::Fold;
use crate::parts::search::SearchField;
use crate::text::numbers::{count, things};
use crate::text::settings::is_sought;

#[component]
pub(super) fn Packages(python: Memo<Option<Health>>) -> impl IntoView {
    let query = query_of_page();
    let go = go_to_query();
    let packages = Memo::new(move |_| {
        python.with(|python| {
            python
                .as_ref()
                .map(|python| python.image.packages.clone())
                .unwrap_or_default()
        })
    });
    let found = Memo::new(move |_| {
        let sought = query.with(|query| query.q.clone());
        packages.with(|packages| {
            let mut found: Vec<(String, String)> = packages
                .iter()
                .filter(|(name, _)| is_sought(name, &sought))
                .map(|(name, version)| (name.clone(), version.clone()))
                .collect();
            // As people sort, capitals or not.
            found.sort_by_key(|(name, _)| name.to_lowercase());
            found
        })
    });
    let search = move |q| {
        let mut query = query.get_untracked();
        query.q = q;
        go(query, true);
    };
    let tally = move || {
        let (found, all) = (
            found.with(Vec::len) as u64,
            packages.with(|packages| packages.len() as u64),
        );
        match found == all {
            true => things(all, "package", "packages"),
            false => format!("{} of {}", count(found), things(all, "package", "packages")),
        }
    };
    let none = move || {
        found.with(Vec::is_empty).then(|| {
            view! { <p class="muted packages-none">"No package is called that. Others can't be installed: they would have to be in the image."</p> }
        })
    };
    view! {
        <div class="card packages">
            <div class="card-head">
                <h3>"Packages"</h3>
                <span class="muted tabular" role="status">{tally}</span>
            </div>
            <SearchField
                placeholder="Search packages"
                value=Signal::derive(move || query.with(|query| query.q.clone()))
                search
            />
            {none}
            <ul class="package-list" tabindex="0" aria-label="Packages">
                <For each=move || found.get() key=Clone::clone let:package>
                    <li><span>{package.0}</span> <span class="muted tabular">{package.1}</span></li>
                </For>
            </ul>
        </div>
    }
}

/// What is imported already when a run begins.
#[component]
pub(super) fn Preloaded(python: Memo<Option<Health>>) -> impl IntoView {
    let modules = Memo::new(move |_| {
        python.with(|python| {
            python
                .as_ref()
                .map(|python| python.image.preloaded.clone())
                .unwrap_or_default()
        })
    });
    let number = move || {
        things(
            modules.with(Vec::len) as u64,
            "module is imported beforehand",
            "modules are imported beforehand",
        )
    };
    let names = move || {
        modules
            .get()
            .into_iter()
            .map(|name| view! { <li>{name}</li> })
            .collect_view()
    };
    view! {
        <Fold summary=number>
            <p class="muted">"Importing them costs a program nothing."</p>
            <ul class="modules mono">{names}</ul>
        </Fold>
    }
}
