//! The two modes, and which of them is in force.

use api::tool::Mode;
use leptos::prelude::*;

use crate::parts::icon::{Icon, Sign};
use crate::text::query::MODES;

#[component]
pub(super) fn Modes(mode: Memo<Mode>) -> impl IntoView {
    let card = |(each, name): (Mode, &'static str)| {
        let current = move || mode.get() == each;
        let badge = move || {
            current().then(|| view! { <span class="badge badge-good"><Icon sign=Sign::Check />"In force"</span> })
        };
        view! {
            <div class="mode" class:mode-current=current>
                <h3>{name}{badge}</h3>
                <p>{meaning(each)}</p>
            </div>
        }
    };
    view! {
        <section aria-labelledby="mode">
            <h2 id="mode">"Mode"</h2>
            <div class="modes">{MODES.map(card)}</div>
            <p class="muted settings-how">"There is no falling back from one to the other: a mode that can't work says so."</p>
        </section>
    }
}

fn meaning(mode: Mode) -> &'static str {
    match mode {
        Mode::Native => {
            "Runs the code that the agent sends, once and as it is. When it fails, the agent gets the traceback and repairs it itself."
        }
        Mode::OpenInterpreter => {
            "A model writes the code or repairs it: it reads the error, runs the next program, and stops when the task is done or its attempts are used up."
        }
    }
}
