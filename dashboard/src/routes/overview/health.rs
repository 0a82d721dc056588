//! Whether all is well.

use api::config::Health;
use leptos::prelude::*;
use leptos_router::components::A;

use crate::fetched::Fetched;
use crate::parts::icon::{Icon, Sign};
use crate::parts::ticks::with_code;
use crate::text::health::{advice, verdict};

/// In a word.
#[component]
pub(super) fn HealthBadge(health: Fetched<Health>) -> impl IntoView {
    let shown = Memo::new(move |_| {
        if health.problem().is_some() {
            return Some(("Vivarium does not answer", false));
        }
        health.with(|health| health.map(verdict))
    });
    move || {
        shown.get().map(|(words, good)| {
            let (class, sign) = match good {
                true => ("badge badge-good", Sign::Check),
                false => ("badge badge-bad", Sign::Bolt),
            };
            view! { <span class=class><Icon sign />{words}</span> }
        })
    }
}

/// What is wrong, and what to do about it; nothing where nothing is.
#[component]
pub(super) fn Trouble(health: Fetched<Health>) -> impl IntoView {
    let trouble = Memo::new(move |_| {
        health.with(|health| {
            let health = health.filter(|health| health.status != "ok")?;
            Some((
                verdict(health).0,
                health.problems.clone(),
                advice(&health.status),
            ))
        })
    });
    move || {
        trouble.get().map(|(title, problems, advice)| {
            let problems = problems
                .into_iter()
                .map(|problem| view! { <li>{with_code(&problem)}</li> })
                .collect_view();
            view! {
                <section class="trouble" role="alert">
                    <h2><Icon sign=Sign::Bolt />{title}</h2>
                    <ul>{problems}</ul>
                    <p class="muted">{with_code(advice)}" " <A href="/settings">"See the settings"</A></p>
                </section>
            }
        })
    }
}
