//! Executions over time, as bars, and as a table for those who would rather read.

use api::overview::{Bucket, Overview};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use crate::browser::{clock_ahead_ms, local};
use crate::text::chart::{Grain, KINDS, Kind, Scale, labels, of_kind, pieces};
use crate::text::numbers::count;

#[component]
pub(super) fn Chart(overview: Memo<Overview>, words: Memo<&'static str>) -> impl IntoView {
    let legend = KINDS.map(|(kind, word)| {
        let number = move || count(overview.with(|overview| of_kind(overview.total, kind)));
        view! {
            <li>{swatch(kind)} {word} " " <span class="tabular legend-number">{number}</span></li>
        }
    });
    let nothing = Memo::new(move |_| overview.with(|overview| overview.total.all() == 0));
    let empty = move || {
        nothing.get().then(|| view! { <p class="chart-empty muted">{move || format!("Nothing ran in the {}", words.get())}</p> })
    };
    view! {
        <section class="card chart" aria-labelledby="chart">
            <div class="card-head">
                <h2 id="chart">"Executions over time"</h2>
                <ul class="legend">{legend}</ul>
            </div>
            <div class="chart-body">
                {move || overview.with(steps)}
                <Plot overview />
                {move || overview.with(axis)}
                {empty}
            </div>
            <Table overview />
        </section>
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Succeeded => "bar-succeeded",
        Kind::Failed => "bar-failed",
        Kind::Other => "bar-other",
    }
}

fn swatch(kind: Kind) -> impl IntoView {
    view! {
        <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
            <rect class=class(kind) width="12" height="12" rx="2" />
            {hatch(kind).then(|| view! { <path class="hatch" d="M0 12 12 0M-3 9 9-3M3 15 15 3" /> })}
        </svg>
    }
}

/// Failures are hatched: they are told from the rest without colours too.
fn hatch(kind: Kind) -> bool {
    kind == Kind::Failed
}

fn steps(overview: &Overview) -> impl IntoView + use<> {
    let steps = Scale::of_buckets(&overview.buckets).steps();
    let steps = steps.map(
        |(value, height)| view! { <li style:bottom=format!("{height:.2}%")>{count(value)}</li> },
    );
    view! { <ol class="chart-steps" aria-hidden="true">{steps.collect_view()}</ol> }
}

/// The bars, and what the one says that is pointed at or gone to with the arrow keys.
#[component]
fn Plot(overview: Memo<Overview>) -> impl IntoView {
    let plot = NodeRef::<Div>::new();
    let at = RwSignal::new(None::<usize>);
    let length = Memo::new(move |_| overview.with(|overview| overview.buckets.len()));
    let point = move |event: PointerEvent| {
        let Some(plot) = plot.get_untracked() else {
            return;
        };
        let part = f64::from(event.offset_x()) / f64::from(plot.client_width().max(1));
        let index = (part * length.get_untracked() as f64).max(0.0) as usize;
        at.set(Some(index.min(length.get_untracked().saturating_sub(1))));
    };
    let step = move |event: KeyboardEvent| {
        let last = length.get_untracked().saturating_sub(1);
        let now = at.get_untracked().unwrap_or(last);
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(1),
            "ArrowRight" | "ArrowUp" => (now + 1).min(last),
            "Home" => 0,
            "End" => last,
            "Escape" => return at.set(None),
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    let begin = move |_| {
        if at.get_untracked().is_none() {
            at.set(length.get_untracked().checked_sub(1));
        }
    };
    let index = move || at.get().unwrap_or_default();
    let bucket = move || {
        overview.with(|overview| {
            overview
                .buckets
                .get(at.get()?)
                .cloned()
                .map(|bucket| (bucket, overview.bucket_seconds))
        })
    };
    let spoken = move || match bucket() {
        Some((bucket, seconds)) => said(&bucket, seconds),
        None => "Use the arrow keys".to_owned(),
    };
    let place = move || {
        format!(
            "{:.3}%",
            (index() as f64 + 0.5) * 100.0 / length.get().max(1) as f64
        )
    };
    let width = move || format!("{:.3}%", 100.0 / length.get().max(1) as f64);
    let shown = move || {
        bucket().map(|(bucket, seconds)| {
            let counts = KINDS.map(|(kind, word)| {
                view! { <li>{swatch(kind)} {word} <span class="number">{count(of_kind(bucket.counts, kind))}</span></li> }
            });
            view! {
                <div class="chart-mark" style:left=place style:width=width></div>
                <div class="chart-tip" style:left=move || format!("clamp(7.5rem, {}, 100% - 7.5rem)", place())>
                    <p>{stretch(&bucket, seconds)}</p>
                    <ul>{counts}</ul>
                </div>
            }
        })
    };
    view! {
        <div
            class="chart-plot" node_ref=plot tabindex="0" role="slider" aria-label="Stretch of time in the chart" aria-valuemin="1"
            aria-valuemax=move || length.get().max(1) aria-valuenow=move || at.get().map_or(length.get().max(1), |at| at + 1)
            aria-valuetext=spoken
            on:pointermove=point on:pointerdown=point on:pointerleave=move |_| at.set(None) on:keydown=step on:focus=begin on:blur=move |_| at.set(None)
        >
            {move || overview.with(bars)}
            {shown}
        </div>
    }
}

fn bars(overview: &Overview) -> impl IntoView + use<> {
    let scale = Scale::of_buckets(&overview.buckets);
    let percent = |number: f64| format!("{number:.3}%");
    let lines = scale.steps().map(|(_, height)| {
        view! { <line class="chart-line" x1="0" x2="100%" y1=percent(100.0 - height) y2=percent(100.0 - height) /> }
    });
    let bars = pieces(&overview.buckets, scale).into_iter().map(|piece| {
        let rect = move |class: &'static str, fill: Option<&'static str>| {
            view! {
                <rect
                    class=class fill=fill x=percent(piece.x) y=percent(piece.y) width=percent(piece.width) height=percent(piece.height)
                />
            }
        };
        let hatched = hatch(piece.kind).then(|| rect("bar-hatch", Some("url(#hatch)")));
        view! { {rect(class(piece.kind), None)} {hatched} }
    });
    view! {
        <svg class="chart-bars" aria-hidden="true">
            <defs>
                <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <path class="hatch" d="M0 0V5" />
                </pattern>
            </defs>
            {lines.collect_view()}
            {bars.collect_view()}
        </svg>
    }
}

fn axis(overview: &Overview) -> impl IntoView + use<> {
    let (since, until) = (
        overview.since.as_millisecond(),
        overview.until.as_millisecond(),
    );
    let (grain, at) = labels(since, until, clock_ahead_ms);
    let labels = at.into_iter().map(|at| {
        let left = format!(
            "{:.3}%",
            (at - since) as f64 * 100.0 / (until - since).max(1) as f64
        );
        view! { <li style:left=left>{local(at, grain_parts(grain))}</li> }
    });
    view! { <ol class="chart-axis" aria-hidden="true">{labels.collect_view()}</ol> }
}

const TIME: [(&str, &str); 2] = [("hour", "2-digit"), ("minute", "2-digit")];
const DAY_AND_TIME: [(&str, &str); 5] = [
    ("weekday", "short"),
    ("day", "numeric"),
    ("month", "short"),
    ("hour", "2-digit"),
    ("minute", "2-digit"),
];

fn grain_parts(grain: Grain) -> &'static [(&'static str, &'static str)] {
    match grain {
        Grain::Time => &TIME,
        Grain::Weekday => &[("weekday", "short"), ("day", "numeric")],
        Grain::Date => &[("day", "numeric"), ("month", "short")],
    }
}

/// `Mon 23 Nov, 16:00 – 16:30`
fn stretch(bucket: &Bucket, seconds: u64) -> String {
    let start = bucket.start.as_millisecond();
    let end = start + i64::try_from(seconds).unwrap_or_default() * 1000;
    format!("{} – {}", local(start, &DAY_AND_TIME), local(end, &TIME))
}

fn said(bucket: &Bucket, seconds: u64) -> String {
    let counts = KINDS
        .map(|(kind, word)| format!("{} {}", of_kind(bucket.counts, kind), word.to_lowercase()));
    format!("{}: {}", stretch(bucket, seconds), counts.join(", "))
}

/// The same in words; made when it is opened.
#[component]
fn Table(overview: Memo<Overview>) -> impl IntoView {
    let open = RwSignal::new(false);
    let row = |bucket: &Bucket, seconds: u64| {
        let counts = KINDS.map(
            |(kind, _)| view! { <td class="number">{count(of_kind(bucket.counts, kind))}</td> },
        );
        view! { <tr><th scope="row">{stretch(bucket, seconds)}</th>{counts}</tr> }
    };
    let rows = move || {
        overview.with(|overview| {
            let busy = overview
                .buckets
                .iter()
                .filter(|bucket| bucket.counts.all() > 0);
            busy.map(|bucket| row(bucket, overview.bucket_seconds))
                .collect_view()
        })
    };
    let table = move || {
        open.get().then(|| {
            view! {
                <div class="table-scroll" tabindex="0" role="group" aria-label="Executions over time, as a table">
                    <table class="table">
                        <thead><tr>
                            <th scope="col">"Begun"</th>
                            {KINDS.map(|(_, word)| view! { <th scope="col" class="number">{word}</th> })}
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                <p class="muted">"Times in which nothing began are left out. Other is what runs, waits for approval, or was cancelled."</p>
            }
        })
    };
    view! {
        <details class="chart-table" on:toggle=move |event| open.set(event_target::<leptos::web_sys::Element>(&event).has_attribute("open"))>
            <summary>"As a table"</summary>
            {table}
        </details>
    }
}
