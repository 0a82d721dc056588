//! The last hours in five figures.

use api::overview::Overview;
use leptos::prelude::*;

use crate::text::numbers::{count, percent, things};
use crate::text::time::duration;

const NONE: &str = "–";

#[component]
pub(super) fn Figures(overview: Memo<Overview>) -> impl IntoView {
    let figure =
        |name: &'static str, value: fn(&Overview) -> String, beneath: fn(&Overview) -> String| {
            view! {
                <div class="figure-card">
                    <dt>{name}</dt>
                    <dd class="figure-value">{move || overview.with(value)}</dd>
                    <dd class="figure-beneath">{move || overview.with(beneath)}</dd>
                </div>
            }
        };
    view! {
        <dl class="figures">
            {figure("Success rate", |o| o.success_rate.map_or(NONE.into(), percent), success)}
            {figure("Executions", |o| count(o.total.all()), |o| format!("in {}", things(o.sessions, "session", "sessions")))}
            {figure("Median time", |o| o.p50_seconds.map_or(NONE.into(), duration), slowest)}
            {figure("Attempts per success", |o| o.attempts_per_success.map_or(NONE.into(), attempts), |_| "1 is the first try".into())}
            {figure("Model tokens", |o| count(o.tokens.total), tokens)}
        </dl>
    }
}

fn success(overview: &Overview) -> String {
    let ended = overview.total.succeeded + overview.total.failed;
    match ended {
        0 => "nothing ended".to_owned(),
        _ => format!(
            "{} of {} that ended",
            count(overview.total.succeeded),
            count(ended)
        ),
    }
}

fn slowest(overview: &Overview) -> String {
    match overview.p95_seconds {
        Some(seconds) => format!("95 % within {}", duration(seconds)),
        None => "nothing ended".to_owned(),
    }
}

fn attempts(attempts: f64) -> String {
    let text = format!("{attempts:.2}");
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

fn tokens(overview: &Overview) -> String {
    let tokens = overview.tokens;
    let estimated = if tokens.estimated {
        ", partly estimated"
    } else {
        ""
    };
    match tokens.total {
        0 => "no model was asked".to_owned(),
        _ => format!(
            "{} read, {} written{estimated}",
            count(tokens.prompt),
            count(tokens.completion)
        ),
    }
}
