//! Pages, each in a module of its own that comes when its page is first gone to: what a reader waits for at first is
//! one page, not all of them. The others are fetched once that one is there, so that going to them waits for nothing.

#![allow(
    unsafe_code,
    reason = "`wasm_split` writes the calls from one module into another"
)]

use std::time::Duration;

use futures::future::{FutureExt as _, LocalBoxFuture};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::hooks::use_params_map;

use crate::connection::Problem;
use crate::parts::awaiting::{Failed, Loading};
use crate::routes::execution::ExecutionPage;
use crate::routes::overview::OverviewPage;
use crate::routes::playground::PlaygroundPage;
use crate::routes::prompts::PromptsPage;
use crate::routes::session::SessionPage;
use crate::routes::sessions::SessionsPage;
use crate::routes::settings::SettingsPage;

/// When the other pages are fetched: after the first had time to fetch what it shows.
const FETCH_OTHERS_AFTER: Duration = Duration::from_millis(1500);

/// Makes a page, of an id where it has one.
type Page = fn(String) -> AnyView;
type Fetched = LocalBoxFuture<'static, Result<Page, SplitLoaderError>>;

/// A page in a module of its own: a function that fetches it and gives what makes it.
macro_rules! page {
    ($name:ident, $make:expr) => {
        #[wasm_split($name, wasm_split_path = ::leptos::wasm_split, fallible)]
        fn $name() -> Result<Page, SplitLoaderError> {
            Ok($make)
        }
    };
}

page!(overview, |_| view! { <OverviewPage /> }.into_any());
page!(sessions, |_| view! { <SessionsPage /> }.into_any());
page!(session, |id| view! { <SessionPage id /> }.into_any());
page!(execution, |id| view! { <ExecutionPage id /> }.into_any());
page!(playground, |_| view! { <PlaygroundPage /> }.into_any());
page!(prompts, |_| view! { <PromptsPage /> }.into_any());
page!(settings, |_| view! { <SettingsPage /> }.into_any());

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    Overview,
    Sessions,
    Session,
    Execution,
    Playground,
    Prompts,
    Settings,
}

impl Which {
    /// All of them, those first that are gone to first.
    const ALL: [Self; 7] = [
        Self::Sessions,
        Self::Session,
        Self::Execution,
        Self::Playground,
        Self::Overview,
        Self::Prompts,
        Self::Settings,
    ];

    fn fetch(self) -> Fetched {
        match self {
            Self::Overview => overview().boxed_local(),
            Self::Sessions => sessions().boxed_local(),
            Self::Session => session().boxed_local(),
            Self::Execution => execution().boxed_local(),
            Self::Playground => playground().boxed_local(),
            Self::Prompts => prompts().boxed_local(),
            Self::Settings => settings().boxed_local(),
        }
    }
}

/// Fetches all pages, after a moment. One that can't be had now is asked for again when it is gone to.
pub(crate) fn fetch_others() {
    let fetch = async || {
        for which in Which::ALL {
            let _ = which.fetch().await;
        }
    };
    set_timeout(move || spawn_local(fetch()), FETCH_OTHERS_AFTER);
}

/// A page, once its module is there. It is made anew for each id: nothing of one session or execution is left when
/// another is shown.
#[component]
pub(crate) fn Shown(which: Which) -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    let page = RwSignal::new(None::<Page>);
    let failed = RwSignal::new(false);
    let fetch = move || {
        failed.set(false);
        spawn_local(async move {
            // The reader may have gone elsewhere meanwhile.
            match which.fetch().await {
                Ok(fetched) => drop(page.try_set(Some(fetched))),
                Err(_) => drop(failed.try_set(true)),
            }
        });
    };
    fetch();
    move || match page.get() {
        Some(page) => page(id.get()),
        None if failed.get() => {
            let problem = Problem {
                what: "This page could not be fetched".to_owned(),
                hint: Some(
                    "see whether Vivarium is running and reachable; where it was updated meanwhile, reload the page"
                        .to_owned(),
                ),
                status: None,
            };
            view! { <Failed problem retry=fetch /> }.into_any()
        }
        None => view! { <Loading /> }.into_any(),
    }
}
