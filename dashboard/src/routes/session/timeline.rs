//! What was run in a session, newest first, as it happens.

use api::SessionId;
use api::client::PageOf;
use api::history::{ExecutionSummary, Page, Status};
use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;

use super::place::{keep, kept, middle, reveal};
use crate::connection::{Connection, Problem};
use crate::live::Live;
use crate::parts::ago::Ago;
use crate::parts::awaiting::{Empty, Failed, Loading};
use crate::parts::icon::{Icon, Sign};
use crate::parts::status::StatusBadge;
use crate::parts::windowed::Windowed;
use crate::routes::sessions::first_line;
use crate::text::numbers::count;
use crate::text::time::duration;
use crate::text::timeline::{Place, place, telling_line};

const PAGE: u32 = 100;
/// The height of a row in pixels.
const ROW: f64 = 68.0;

/// An execution of the list. What is known of it changes in its place.
#[derive(Clone)]
struct Run {
    id: String,
    now: ArcRwSignal<ExecutionSummary>,
}

/// The executions that have been read.
#[derive(Clone, Copy)]
pub(super) struct Runs {
    session: StoredValue<SessionId>,
    runs: RwSignal<Vec<Run>>,
    /// Where the next page begins.
    next: StoredValue<Option<String>>,
    asking: StoredValue<bool>,
    is_there: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    connection: Connection,
}

impl Runs {
    pub(super) fn of(session: SessionId, live: Live) -> Self {
        let runs = Self {
            session: StoredValue::new(session.clone()),
            runs: RwSignal::new(Vec::new()),
            next: StoredValue::new(None),
            asking: StoredValue::new(false),
            is_there: RwSignal::new(false),
            problem: RwSignal::new(None),
            connection: Connection::of_page(),
        };
        runs.more();
        live.on_change(move |changes| {
            if changes.reset {
                return runs.begin_again();
            }
            let ours = |run: &&ExecutionSummary| run.session_id == session.as_str();
            for run in changes.executions.iter().filter(ours) {
                runs.put(run);
            }
        });
        runs
    }

    /// Reads the next page, if there is one and it isn't being read.
    fn more(self) {
        let whole = self.is_there.get_untracked() && self.next.with_value(Option::is_none);
        if !whole && !self.asking.get_value() {
            self.read(self.next.get_value());
        }
    }

    /// Reads the first page again, for so much has changed that it was not told.
    fn begin_again(self) {
        if !self.asking.get_value() {
            self.read(None);
        }
    }

    fn read(self, cursor: Option<String>) {
        self.asking.set_value(true);
        let client = self.connection.client_now();
        let session = self.session.get_value();
        let is_first = cursor.is_none();
        let page = PageOf {
            limit: Some(PAGE),
            cursor,
        };
        spawn_local(async move {
            let answer = client.executions(&session, &page).await;
            // The page may be gone.
            if self.asking.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    self.problem.set(None);
                    self.take(page, is_first);
                }
                Err(error) => self.problem.set(Some(self.connection.problem(&error))),
            }
        });
    }

    fn take(self, page: Page<ExecutionSummary>, is_first: bool) {
        let known = |run: &ExecutionSummary| {
            self.runs
                .with_untracked(|runs| runs.iter().any(|known| known.id == run.execution_id))
        };
        let begins_list = is_first && !page.items.last().is_some_and(known);
        if begins_list {
            // Between these and those that were read there may be others.
            let runs = page.items.into_iter().map(Run::new).collect();
            self.runs.set(runs);
            self.next.set_value(page.next_cursor);
        } else if is_first {
            page.items.iter().for_each(|run| self.put(run));
        } else {
            let new: Vec<_> = page.items.into_iter().filter(|run| !known(run)).collect();
            self.runs
                .update(|runs| runs.extend(new.into_iter().map(Run::new)));
            self.next.set_value(page.next_cursor);
        }
        // Once: those who look at it make the list.
        if !self.is_there.get_untracked() {
            self.is_there.set(true);
        }
    }

    /// An execution as it stands now.
    fn put(self, run: &ExecutionSummary) {
        if !self.is_there.get_untracked() {
            // It is on the page that is being read.
            return;
        }
        let whole = self.next.with_value(Option::is_none);
        let place = self.runs.with_untracked(|runs| {
            place(
                runs.iter().map(|run| run.id.as_str()),
                &run.execution_id,
                whole,
            )
        });
        match place {
            Place::Known(at) => {
                let now = self
                    .runs
                    .with_untracked(|runs| runs.get(at).map(|run| run.now.clone()));
                if let Some(now) = now
                    && now.with_untracked(|now| now != run)
                {
                    now.set(run.clone());
                }
            }
            Place::Before(at) => self
                .runs
                .update(|runs| runs.insert(at, Run::new(run.clone()))),
            Place::Beyond => {}
        }
    }
}

impl Run {
    fn new(run: ExecutionSummary) -> Self {
        Self {
            id: run.execution_id.clone(),
            now: ArcRwSignal::new(run),
        }
    }
}

#[component]
pub(super) fn Timeline(
    runs: Runs,
    /// How many executions the session has, read or not.
    total: Signal<u64>,
) -> impl IntoView {
    let is_there = runs.is_there;
    let is_empty = Memo::new(move |_| runs.runs.with(Vec::is_empty));
    let is_waiting = Memo::new(move |_| !is_there.get() && runs.problem.with(Option::is_none));
    let problem = move || {
        let problem = runs.problem.get();
        problem.map(|problem| view! { <Failed problem retry=move || runs.more() /> })
    };
    let list = move || match (is_there.get(), is_empty.get()) {
        (true, true) => view! {
            <Empty title="Nothing was run yet">
                <p>"This session has files only. A tool call that names it runs beside them."</p>
            </Empty>
        }
        .into_any(),
        (true, false) => view! { <Rows runs /> }.into_any(),
        (false, _) => is_waiting.get().then(|| view! { <Loading /> }).into_any(),
    };
    view! {
        <section class="timeline" aria-labelledby="timeline-title">
            <header class="pane-head">
                <h2 id="timeline-title">"Executions"</h2>
                <span class="muted tabular">{move || count(total.get())}</span>
            </header>
            {list}
            {problem}
        </section>
    }
}

#[component]
fn Rows(runs: Runs) -> impl IntoView {
    let count = Memo::new(move |_| runs.runs.with(Vec::len));
    let list = NodeRef::<Div>::new();
    lead_back(runs, list);
    view! {
        <div class="timeline-rows" node_ref=list style=("--rows", move || count.get().to_string())>
            <Windowed
                rows=runs.runs
                key=|run: &Run| run.id.clone()
                row_height=ROW
                label="Executions, newest first"
                more=move || runs.more()
                let:run
            >{row(run)}</Windowed>
        </div>
    }
}

/// Reads on to where the reader was before, and keeps where that is.
fn lead_back(runs: Runs, list: NodeRef<Div>) {
    let wanted = StoredValue::new(kept());
    Effect::new(move || {
        let (at, may_follow) = runs.runs.with(|runs| {
            let at = |id: &String| runs.iter().position(|run| run.id == *id);
            let is_older = |id: &String| runs.last().is_some_and(|last| *id < last.id);
            wanted.with_value(|id| match id {
                Some(id) => (at(id), is_older(id)),
                None => (None, false),
            })
        });
        match at {
            None if may_follow => return runs.more(),
            // The list grows before it is scrolled.
            Some(at) => request_animation_frame(move || reveal(list, at, ROW)),
            None => {}
        }
        wanted.set_value(None);
    });
    let leave = window_event_listener(ev::pagehide, move |_| {
        let run = |at: usize| {
            runs.runs
                .with_untracked(|runs| Some(runs.get(at)?.id.clone()))
        };
        keep(middle(list, ROW).and_then(run).as_deref());
    });
    on_cleanup(move || leave.remove());
}

fn row(run: Run) -> impl IntoView {
    let now = RwSignal::from(run.now);
    let status = Memo::new(move |_| now.with(|run| run.status));
    let preview = Memo::new(move |_| now.with(|run| telling_line(&run.preview).to_owned()));
    let took = move || {
        now.with(|run| {
            let seconds = run
                .execution_time
                .filter(|_| run.status != Status::Running)?;
            Some(view! { <span class="tabular">{duration(seconds)}</span> })
        })
    };
    let attempts = move || {
        let attempts = now.with(|run| run.attempts);
        (attempts > 1)
            .then(|| view! { <span class="tabular">{format!("{attempts} attempts")}</span> })
    };
    let error = move || {
        now.with(|run| run.error.clone())
            .map(|error| view! { <span class="run-error" title=error.clone()>{first_line(&error)}</span> })
    };
    let href = format!("/executions/{}", run.id);
    view! {
        <A href attr:class="run" attr:data-row="" on:click=move |_| keep(Some(&run.id))>
            <span class="run-code">{preview}</span>
            <Ago at=Signal::derive(move || now.with(|run| run.started_at)) />
            <span class="run-facts">
                <StatusBadge status />
                {took}
                {attempts}
                {error}
            </span>
            <Icon sign=Sign::Chevron />
        </A>
    }
}
