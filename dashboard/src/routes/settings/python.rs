//! What the python service says of itself.

use api::python::Health;
use leptos::prelude::*;

use super::packages::{Packages, Preloaded};
use crate::parts::ago::Ago;
use crate::parts::icon::{Icon, Sign};
use crate::text::numbers::{bytes, count};
use crate::text::time::duration;

#[component]
pub(super) fn Python(python: Memo<Option<Health>>, url: Memo<String>) -> impl IntoView {
    let is_there = Memo::new(move |_| python.with(Option::is_some));
    view! {
        <section aria-labelledby="python">
            <h2 id="python">"Python"</h2>
            {move || match is_there.get() {
                true => view! { <Facts python /> }.into_any(),
                false => view! {
                    <div class="trouble" role="alert">
                        <h3><Icon sign=Sign::Bolt />"The python service can't be reached"</h3>
                        <p>"It is asked for at " <code>{url}</code> ", and nothing can run until it answers."</p>
                        <p class="muted">
                            "Under " <code>"vivarium serve"</code> " it is inside. Beside Spin, start " <code>"vivarium python --listen ADDR"</code>
                            " and set " <code>"python_url"</code> "."
                        </p>
                    </div>
                }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Facts(python: Memo<Option<Health>>) -> impl IntoView {
    let fact = |name: &'static str, look: fn(&Health) -> String| {
        view! {
            <div><dt>{name}</dt><dd>{move || python.with(|python| python.as_ref().map(look))}</dd></div>
        }
    };
    let started =
        Memo::new(move |_| python.with(|python| python.as_ref().map(|python| python.started_at)));
    let since = move || started.get().map(|at| view! { <Ago at /> });
    view! {
        <dl class="card python-facts">
            {fact("Interpreter", |python| format!("CPython {}", python.image.python_version))}
            {fact("Running now", |python| format!("{} of {}", count(python.running), count(python.max_concurrent)))}
            {fact("Waiting for a turn", |python| count(python.queued))}
            {fact("Memory at rest", |python| bytes(python.image.memory_bytes))}
            {fact("Image on disk", |python| bytes(python.image.compiled_bytes))}
            {fact("Image was built in", |python| duration(python.image.build_seconds as f64))}
            <div><dt>"Started"</dt><dd>{since}</dd></div>
        </dl>
        <Packages python />
        <Preloaded python />
    }
}
