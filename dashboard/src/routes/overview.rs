//! Overview: whether all is well, how the last hours went, what runs now, what failed last.

mod chart;
mod failures;
mod figures;
mod health;
mod now;
mod welcome;

use std::time::Duration;

use api::client::{Client, ClientError, PageOf};
use api::filter::Filter;
use api::history::{ExecutionSummary, Status};
use api::overview::Overview;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::fetched::fetch;
use crate::live::Live;
use crate::parts::awaiting::Await;
use crate::routes::title;
use crate::throttle::{every, throttled};
use chart::Chart;
use failures::Failures;
use figures::Figures;
use health::{HealthBadge, Trouble};
use now::Now;
use welcome::Welcome;

/// Stretches of time that can be looked at: hours, and their words, short and whole.
const WINDOWS: [(u32, &str, &str); 4] = [
    (1, "1 h", "last hour"),
    (24, "24 h", "last 24 hours"),
    (7 * 24, "7 d", "last 7 days"),
    (30 * 24, "30 d", "last 30 days"),
];
const DEFAULT_HOURS: u32 = 24;

/// However much happens, it is asked for no more often.
const PAUSE: Duration = Duration::from_secs(2);
/// Time passes, and Python may fail, without anything happening in the history.
const TICK: Duration = Duration::from_secs(30);
/// As many of what runs and of what waits are shown.
const NOW_SHOWN: u32 = 6;

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
struct Look {
    overview: Overview,
    /// The latest of those that wait for a person, and of those that run.
    now: Vec<ExecutionSummary>,
    /// Nothing ever ran.
    new: bool,
}

#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    title("Overview");
    let parameters = use_query_map();
    let hours = Memo::new(move |_| {
        let wanted = parameters.with(|parameters| parameters.get("hours"));
        let known = |wanted: String| {
            WINDOWS
                .into_iter()
                .find(|(hours, ..)| hours.to_string() == wanted)
        };
        wanted
            .and_then(known)
            .map_or(DEFAULT_HOURS, |(hours, ..)| hours)
    });
    let look = fetch(move |client| look(client, hours.get()));
    let health = fetch(|client| async move { client.health().await });
    let refresh = throttled(PAUSE, move || look.again());
    let live: Live = expect_context();
    live.on_change(move |_| refresh());
    every(TICK, move || {
        health.again();
        refresh();
    });
    // What comes or goes with the connection is the server.
    Effect::new(move |before: Option<()>| {
        live.state();
        if before.is_some() {
            health.again();
        }
    });
    view! {
        <header class="page-head">
            <div class="overview-title"><h1>"Overview"</h1><HealthBadge health /></div>
            <Windows hours />
        </header>
        <Trouble health />
        <Await what=look let:look>
            {
                let new = Memo::new(move |_| look.with(|look| look.new));
                move || match new.get() {
                    true => view! { <Welcome /> }.into_any(),
                    false => view! { <Shown look hours /> }.into_any(),
                }
            }
        </Await>
    }
}

async fn look(client: Client, hours: u32) -> Result<Look, ClientError> {
    let overview = client.overview(hours).await?;
    let mut now = Vec::new();
    for (status, count) in [
        (Status::AwaitingApproval, overview.awaiting_approval),
        (Status::Running, overview.running),
    ] {
        if count > 0 {
            let filter = Filter {
                status: Some(status),
                ..Filter::default()
            };
            now.extend(
                client
                    .all_executions(&filter, &first(NOW_SHOWN))
                    .await?
                    .items,
            );
        }
    }
    let quiet = overview.total.all() == 0 && overview.running + overview.awaiting_approval == 0;
    let new = quiet
        && client
            .all_executions(&Filter::default(), &first(1))
            .await?
            .items
            .is_empty();
    Ok(Look { overview, now, new })
}

fn first(limit: u32) -> PageOf {
    PageOf {
        limit: Some(limit),
        cursor: None,
    }
}

#[component]
fn Shown(look: Signal<Look>, hours: Memo<u32>) -> impl IntoView {
    let overview = Memo::new(move |_| look.with(|look| look.overview.clone()));
    let now = Memo::new(move |_| look.with(|look| look.now.clone()));
    let words = Memo::new(move |_| {
        WINDOWS
            .into_iter()
            .find(|(known, ..)| *known == hours.get())
            .map_or("", |(.., words)| words)
    });
    view! {
        <Figures overview />
        <div class="overview-middle">
            <Chart overview words />
            <Now overview now />
        </div>
        <Failures overview words />
    }
}

/// The stretch of time, as links: each is an address to keep.
#[component]
fn Windows(hours: Memo<u32>) -> impl IntoView {
    let links = WINDOWS.map(|(window, short, whole)| {
        let current = move || (hours.get() == window).then_some("true");
        view! {
            <a class="segment" href=format!("/?hours={window}") data-noscroll="" aria-current=current>
                <span aria-hidden="true">{short}</span><span class="hidden">{format!("The {whole}")}</span>
            </a>
        }
    });
    view! { <nav class="segments" aria-label="Time shown">{links}</nav> }
}
