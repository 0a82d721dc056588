//! What a page asks the API for: loading, there, or failed, and asked for again when what it depends on changes.

use std::future::Future;

use api::client::{Client, ClientError};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::connection::{Connection, Problem};

/// Something that was asked for. What is there stays while it is asked for again, so that nothing jumps.
pub(crate) struct Fetched<T: Send + Sync + 'static> {
    data: RwSignal<Option<T>>,
    problem: RwSignal<Option<Problem>>,
    round: RwSignal<u32>,
}

impl<T: Send + Sync> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Fetched<T> {}

/// Asks, and asks again whenever a signal changes that `request` reads.
pub(crate) fn fetch<T, F>(request: impl Fn(Client) -> F + 'static) -> Fetched<T>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ClientError>> + 'static,
{
    let connection = Connection::of_page();
    let fetched = Fetched {
        data: RwSignal::new(None),
        problem: RwSignal::new(None),
        round: RwSignal::new(0),
    };
    // Of two answers under way, the one asked for last counts.
    let asked = StoredValue::new(0_u32);
    Effect::new(move || {
        fetched.round.track();
        let future = request(connection.client());
        let mine = asked.get_value() + 1;
        asked.set_value(mine);
        spawn_local(async move {
            let answer = future.await;
            // The page may be gone.
            if asked.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(data) => {
                    fetched.data.set(Some(data));
                    fetched.problem.set(None);
                }
                Err(error) => fetched.problem.set(Some(connection.problem(&error))),
            }
        });
    });
    fetched
}

impl<T: Send + Sync> Fetched<T> {
    /// Asks again.
    pub(crate) fn again(self) {
        self.round.update(|round| *round += 1);
    }

    /// Why the last answer is none.
    pub(crate) fn problem(self) -> Option<Problem> {
        self.problem.get()
    }

    /// Whether there has been an answer.
    pub(crate) fn is_there(self) -> bool {
        self.data.with(Option::is_some)
    }

    /// Looks at what is there.
    pub(crate) fn with<R>(self, look: impl FnOnce(Option<&T>) -> R) -> R {
        self.data.with(|data| look(data.as_ref()))
    }
}

impl<T: Clone + Send + Sync> Fetched<T> {
    /// What is there, for a part of the page that is only made when it is.
    pub(crate) fn signal(self) -> Signal<T> {
        Signal::derive(move || {
            self.data
                .get()
                .expect("once there, it stays until the page goes")
        })
    }
}
