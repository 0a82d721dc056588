//! What changes in the history, as it changes: server-sent events, or asking again where those do not come through.
//! Nothing is asked for while nobody looks.

use std::time::Duration;

use api::client::ClientError;
use api::live::Changes;
use futures::future::{AbortHandle, Either, abortable, select};
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::connection::Connection;

/// How long a stream may take to say something first; what is longer is held up on the way.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two questions where there is no stream, and between two attempts to connect.
const PAUSE: Duration = Duration::from_secs(2);
/// Streams that fail one after the other before it is asked instead.
const STREAMS_TRIED: u32 = 2;

/// How live the page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Connecting,
    /// Told at once.
    Live,
    /// Told every two seconds.
    Polling,
    /// Nobody looks.
    Paused,
    Reconnecting,
}

/// The changes of the whole history.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    latest: RwSignal<Changes>,
    state: RwSignal<State>,
    cursor: StoredValue<Option<String>>,
    watching: StoredValue<Option<AbortHandle>>,
    connection: Connection,
}

impl Live {
    pub(crate) fn begin(connection: Connection) -> Self {
        let live = Self {
            latest: RwSignal::new(Changes::default()),
            state: RwSignal::new(State::Connecting),
            cursor: StoredValue::new(None),
            watching: StoredValue::new(None),
            connection,
        };
        window_event_listener(ev::visibilitychange, move |_| live.follow_visibility());
        // Again with another token.
        Effect::new(move || {
            connection.client();
            live.follow_visibility();
        });
        live
    }

    /// How live the page is.
    pub(crate) fn state(self) -> State {
        self.state.get()
    }

    /// Calls `react` with all that changes from now on.
    pub(crate) fn on_change(self, react: impl Fn(&Changes) + 'static) {
        Effect::new(move |before: Option<()>| {
            self.latest.with(|changes| {
                if before.is_some() {
                    react(changes);
                }
            });
        });
    }

    fn follow_visibility(self) {
        if let Some(watching) = self.watching.try_update_value(Option::take).flatten() {
            watching.abort();
        }
        if document().hidden() {
            self.state.set(State::Paused);
            return;
        }
        let (watch, handle) = abortable(self.watch());
        self.watching.set_value(Some(handle));
        spawn_local(async move {
            // Aborted when nobody looks any more.
            let _ = watch.await;
        });
    }

    async fn watch(self) {
        let mut failed = 0;
        loop {
            let ended = if failed < STREAMS_TRIED {
                self.stream().await
            } else {
                self.poll().await
            };
            match ended {
                Ok(()) => failed = 0,
                Err(error) => {
                    failed += 1;
                    if let Some(error) = error {
                        self.connection.problem(&error);
                    }
                }
            }
            if failed < STREAMS_TRIED || self.state.get_untracked() != State::Polling {
                self.state.set(State::Reconnecting);
            }
            sleep(PAUSE).await;
        }
    }

    /// Follows the stream to its end; an error where it never told anything.
    async fn stream(self) -> Result<(), Option<ClientError>> {
        let client = self.connection.client_now();
        let mut stream = client.watch(self.cursor.get_value().as_deref()).await?;
        let first = match select(Box::pin(stream.next()), Box::pin(sleep(PATIENCE))).await {
            Either::Left((first, _)) => first?,
            Either::Right(_) => return Err(None),
        };
        let Some(first) = first else { return Err(None) };
        self.state.set(State::Live);
        self.tell(first);
        // What breaks off after it has told something is connected to again.
        while let Ok(Some(changes)) = stream.next().await {
            self.tell(changes);
        }
        Ok(())
    }

    async fn poll(self) -> Result<(), Option<ClientError>> {
        let client = self.connection.client_now();
        let answer = client.changes(self.cursor.get_value().as_deref()).await;
        match answer {
            Ok(changes) => {
                self.state.set(State::Polling);
                self.tell(changes);
                // It stays with asking until the page is looked at anew.
                Err(None)
            }
            Err(error) => {
                self.state.set(State::Reconnecting);
                Err(Some(error))
            }
        }
    }

    fn tell(self, changes: Changes) {
        self.cursor.set_value(Some(changes.cursor.clone()));
        if changes.reset || !changes.executions.is_empty() || !changes.sessions.is_empty() {
            self.latest.set(changes);
        }
    }
}

/// Waits.
pub(crate) async fn sleep(duration: Duration) {
    let (done, waiting) = futures::channel::oneshot::channel();
    set_timeout(
        move || {
            // Whoever waited may be gone.
            let _ = done.send(());
        },
        duration,
    );
    let _ = waiting.await;
}
