//! Waiting for something that can only be asked for.

use std::time::{Duration, Instant};

/// Asks again and again until there is an answer, and gives how long that took too.
///
/// Each question goes through the server, so this gives way to it; it does not sleep.
///
/// # Panics
/// After ten seconds, which nothing here should take.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> (T, Duration) {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return (answer, start.elapsed());
        }
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "waited ten seconds for {what}"
        );
        std::thread::yield_now();
    }
}
