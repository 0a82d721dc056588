//! An execution as it happens: programs, what they write on both streams in order, results, what a model writes.

use leptos::html::Pre;
use leptos::prelude::*;

use crate::parts::code::Code;
use crate::parts::results::Results;
use crate::text::live_run::{Content, LiveRun, Voice};
use crate::text::numbers::bytes;

#[component]
pub(crate) fn LiveOutput(
    run: RwSignal<LiveRun>,
    /// The attempt up to which all is shown elsewhere.
    #[prop(into, default = Signal::stored(0))]
    after: Signal<u32>,
    /// Whether to show the programs.
    #[prop(into)]
    programs: Signal<bool>,
) -> impl IntoView {
    // What is shown is told apart from what grows in it: nothing is made anew that is there.
    let ids = Memo::new(move |_| {
        run.with(|run| {
            let is_program = |content: &Content| matches!(content, Content::Program { .. });
            let blocks = run.blocks_after(after.get());
            let shown = blocks.filter(|block| programs.get() || !is_program(&block.content));
            shown.map(|block| block.id).collect::<Vec<_>>()
        })
    });
    let dropped = Memo::new(move |_| run.with(|run| run.dropped_bytes));
    let note = move || {
        (dropped.get() > 0).then(|| {
            view! { <p class="output-note">{format!("The first {} are not kept here; the execution's page has what was kept of them.", bytes(dropped.get() as u64))}</p> }
        })
    };
    view! {
        <div class="live-run" role="log" aria-label="What it does">
            {note}
            <For each=move || ids.get() key=|id| *id let:id>{block(run, id)}</For>
        </div>
    }
}

fn block(run: RwSignal<LiveRun>, id: u32) -> AnyView {
    let content = run.with_untracked(|known| {
        let block = known.block(id)?;
        Some(match &block.content {
            Content::Program { code, reason } => {
                program(block.attempt, code.clone(), reason.clone())
            }
            Content::Text(_) => view! { <LiveText run id is_model=block.is_model() /> }.into_any(),
            Content::Result(bundle) => {
                let is_result = |content: &Content| matches!(content, Content::Result(_));
                let before = known.blocks().take_while(|other| other.id < id);
                let before = before.filter(|block| is_result(&block.content)).count();
                view! { <Results results=vec![bundle.clone()] first=before + 1 of=" so far" /> }
                    .into_any()
            }
        })
    });
    content.unwrap_or_else(|| ().into_any())
}

fn program(attempt: u32, code: String, reason: Option<String>) -> AnyView {
    let before = attempt.saturating_sub(1);
    let reason = reason.map(|reason| {
        view! { <p class="live-reason">{format!("Attempt {before} failed: {reason}")}</p> }
    });
    view! {
        <div class="live-program">
            {reason}
            <p class="live-title">"Attempt " {attempt}</p>
            <Code source=code label=format!("Code under way, attempt {attempt}") />
        </div>
    }
    .into_any()
}

/// A text that grows. As long as its end is seen, its end stays seen.
#[component]
fn LiveText(run: RwSignal<LiveRun>, id: u32, is_model: bool) -> impl IntoView {
    let place = NodeRef::<Pre>::new();
    let follows = StoredValue::new(true);
    // A piece that grew is another piece; those before it stay.
    let pieces = Memo::new(move |_| {
        run.with(|run| match run.block(id).map(|block| &block.content) {
            Some(Content::Text(pieces)) => pieces
                .iter()
                .map(|piece| (piece.id, piece.text.len(), piece.voice))
                .collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    });
    let text = move |piece_id: u32| {
        run.with_untracked(|run| match run.block(id).map(|block| &block.content) {
            Some(Content::Text(pieces)) => {
                let piece = pieces.iter().find(|piece| piece.id == piece_id);
                piece.map(|piece| piece.text.clone()).unwrap_or_default()
            }
            _ => String::new(),
        })
    };
    Effect::new(move || {
        pieces.track();
        request_animation_frame(move || {
            if let (Some(place), Some(true)) =
                (place.try_get_untracked().flatten(), follows.try_get_value())
            {
                place.set_scroll_top(place.scroll_height());
            }
        });
    });
    let scrolled = move |_| {
        if let Some(place) = place.get_untracked() {
            let below = place.scroll_height() - place.scroll_top() - place.client_height();
            follows.set_value(below < 24);
        }
    };
    let piece = move |(id, _, voice): (u32, usize, Voice)| {
        let said = match voice {
            Voice::Stderr => Some(view! { <span class="hidden">"standard error: "</span> }),
            _ => None,
        };
        view! { <span class="piece" class:live-stderr={voice == Voice::Stderr}>{said}{text(id)}</span> }
    };
    let title = is_model.then(|| view! { <p class="live-title">"The model writes"</p> });
    view! {
        {title}
        <pre class="live-text" class:live-model=is_model tabindex="0" node_ref=place on:scroll=scrolled>
            <For each=move || pieces.get() key=|(id, length, _)| (*id, *length) children=piece />
        </pre>
    }
}
