//! Doing something often asked for no more often than it is worth.

use std::time::Duration;

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Idle,
    /// It has just been done.
    Resting,
    /// It was asked for meanwhile, and will be done when the rest is over.
    Asked,
}

/// Does it at once, and again at most once in `pause`. The last time that it is asked for is never lost, unless the
/// page is.
pub(crate) fn throttled(
    pause: Duration,
    act: impl Fn() + Copy + 'static,
) -> impl Fn() + Copy + 'static {
    let state = StoredValue::new(State::Idle);
    move || {
        if state.try_get_value() == Some(State::Idle) {
            run(state, pause, act);
        } else {
            state.try_update_value(|state| *state = State::Asked);
        }
    }
}

fn run(state: StoredValue<State>, pause: Duration, act: impl Fn() + Copy + 'static) {
    state.set_value(State::Resting);
    act();
    set_timeout(
        // Nothing is left of a page that is gone.
        move || match state.try_get_value() {
            Some(State::Asked) => run(state, pause, act),
            Some(_) => state.set_value(State::Idle),
            None => {}
        },
        pause,
    );
}

/// Does it every `pause` for as long as the page is there and seen.
pub(crate) fn every(pause: Duration, act: impl Fn() + 'static) {
    let ticking = set_interval_with_handle(
        move || {
            if !document().hidden() {
                act();
            }
        },
        pause,
    );
    if let Ok(ticking) = ticking {
        on_cleanup(move || ticking.clear());
    }
}
