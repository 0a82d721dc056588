//! What is being written and what runs. It is as old as the page of the browser: who leaves the playground and comes
//! back finds it as it was, and what runs goes on meanwhile.

use api::live::LiveEvent;
use api::tool::ToolRequest;
use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::now_ms;
use crate::connection::{Connection, Problem};
use crate::routes::playground::kept::kept;
use crate::text::live_run::LiveRun;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was run yet.
    Idle,
    /// What was run was left behind when the page was loaded again.
    LeftBehind,
    /// Sent, and not begun.
    Asking,
    Running,
    Ended,
    /// By the reader.
    Stopped,
    /// It was refused, or its events broke off.
    Failed(Problem),
}

#[derive(Clone, Copy)]
pub(crate) struct Desk {
    pub(super) text: RwSignal<String>,
    pub(super) stdin: RwSignal<String>,
    pub(super) timeout: RwSignal<String>,
    /// Whether every run has a session of its own.
    pub(super) each_anew: RwSignal<bool>,
    pub(super) run: RwSignal<LiveRun>,
    pub(super) state: RwSignal<State>,
    pub(super) since: RwSignal<i64>,
    /// How the latest run began, as JSON: where to find it when the page is loaded again.
    latest: RwSignal<String>,
    under_way: StoredValue<Option<AbortHandle>>,
    connection: Connection,
}

/// The desk of this page, which is made when the reader first sits down to it, and stays as long as the page.
#[derive(Clone)]
pub(crate) struct Place {
    owner: Owner,
    desk: StoredValue<Option<Desk>>,
}

impl Place {
    /// Whatever is made there belongs to who calls this.
    pub(crate) fn begin() -> Self {
        Self {
            owner: Owner::current().expect("the page has an owner"),
            desk: StoredValue::new(None),
        }
    }

    /// The desk, to be found by all parts of the playground.
    pub(super) fn sit_down() -> Desk {
        let place: Self = expect_context();
        let desk = place.desk.get_value().unwrap_or_else(|| {
            let desk = place.owner.with(|| Desk::begin(Connection::of_page()));
            place.desk.set_value(Some(desk));
            desk
        });
        provide_context(desk);
        desk
    }
}

impl Desk {
    fn begin(connection: Connection) -> Self {
        let latest = kept::<String>("latest");
        let (mut run, mut state) = (LiveRun::default(), State::Idle);
        if let Ok(began) = latest.with_untracked(|began| serde_json::from_str(began)) {
            run.fold(began);
            state = State::LeftBehind;
        }
        Self {
            text: kept("program"),
            stdin: kept("stdin"),
            timeout: kept("timeout"),
            each_anew: kept("each_anew"),
            run: RwSignal::new(run),
            state: RwSignal::new(state),
            since: RwSignal::new(0),
            latest,
            under_way: StoredValue::new(None),
            connection,
        }
    }

    /// The session of the run, once it has begun.
    pub(super) fn session(self) -> Option<String> {
        self.run.with(|run| run.session_id.clone())
    }

    pub(super) fn is_under_way(self) -> bool {
        self.state.with(is_under_way)
    }

    /// The same for handlers of events.
    pub(super) fn is_under_way_now(self) -> bool {
        self.state.with_untracked(is_under_way)
    }

    /// Whether there was a run before the page was loaded again, and none since.
    pub(super) fn is_left_behind_now(self) -> bool {
        self.state
            .with_untracked(|state| *state == State::LeftBehind)
    }

    /// Runs what is written, in a session or in a new one.
    pub(super) fn run(self, session: String) {
        let stdin = self.stdin.get_untracked();
        let session = Some(session).filter(|session| !session.is_empty());
        let request = ToolRequest {
            code: self.text.get_untracked(),
            session_id: session.filter(|_| !self.each_anew.get_untracked()),
            timeout: self.timeout.get_untracked().trim().parse().ok(),
            context: None,
            stdin: Some(stdin).filter(|stdin| !stdin.is_empty()),
        };
        self.run.update(LiveRun::restart);
        self.state.set(State::Asking);
        self.since.set(now_ms());
        let (follow, handle) = abortable(self.follow(request));
        self.under_way.set_value(Some(handle));
        spawn_local(async move {
            // Aborted when the reader stops it: whoever drops the events cancels the run.
            let _ = follow.await;
        });
    }

    /// Stops it.
    pub(super) fn stop(self) {
        if let Some(handle) = self.under_way.try_update_value(Option::take).flatten() {
            handle.abort();
        }
        self.state.set(State::Stopped);
    }

    async fn follow(self, request: ToolRequest) {
        let problem = match self.connection.client_now().stream(&request).await {
            Err(error) => self.connection.problem(&error),
            Ok(mut events) => loop {
                match events.next().await {
                    Ok(Some(event)) => {
                        if let LiveEvent::Started { .. } = &event {
                            let began = serde_json::to_string(&event);
                            self.latest.set(began.expect("wire types are JSON"));
                        }
                        let is_over = matches!(event, LiveEvent::Finished(_));
                        self.run.update(|run| run.fold(event));
                        if is_over {
                            return self.state.set(State::Ended);
                        }
                        if self.state.with_untracked(|state| *state == State::Asking) {
                            self.state.set(State::Running);
                        }
                    }
                    Err(error) => break self.connection.problem(&error),
                    Ok(None) => break broken_off(),
                }
            },
        };
        self.state.set(State::Failed(problem));
    }
}

fn is_under_way(state: &State) -> bool {
    matches!(state, State::Asking | State::Running)
}

fn broken_off() -> Problem {
    Problem {
        what: "The connection broke off before the end".to_owned(),
        hint: Some("the execution's page says how it ended".to_owned()),
        status: None,
    }
}
