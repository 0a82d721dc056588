//! The time that all relative times on the page are told by.

use std::time::Duration;

use leptos::prelude::*;

use crate::browser::now_ms;

/// Often enough for `5 s ago`.
const TICK: Duration = Duration::from_secs(5);

/// Now, in milliseconds since 1970, as of the last tick.
#[derive(Clone, Copy)]
pub(crate) struct Clock(RwSignal<i64>);

impl Clock {
    pub(crate) fn begin() -> Self {
        let now = RwSignal::new(now_ms());
        set_interval(move || now.set(now_ms()), TICK);
        Self(now)
    }

    /// Now, read again at each tick.
    pub(crate) fn now(self) -> i64 {
        self.0.get()
    }
}
