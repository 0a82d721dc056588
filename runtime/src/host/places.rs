//! How many instances of a component live at once, where each serves one request.
//!
//! Each has a memory of its own, and all compute on as many threads as there are cores: more of them make
//! nothing quicker. The others wait, first come, first served.

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// An instance may wait for what it asked somebody else, and computes the less.
const LIVE_PER_CORE: usize = 4;
/// Requests that may wait for their instance; more are refused.
const MAX_WAITING: usize = 64;

/// The places of one component's instances.
pub(super) struct Places {
    live: Arc<Semaphore>,
    /// For those that live and those that wait.
    room: Arc<Semaphore>,
}

/// A place, until it is dropped.
pub(super) struct Place {
    _live: OwnedSemaphorePermit,
    _room: OwnedSemaphorePermit,
}

impl Default for Places {
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, Into::into);
        Self::new(LIVE_PER_CORE * cores, MAX_WAITING)
    }
}

impl Places {
    fn new(live: usize, waiting: usize) -> Self {
        Self {
            live: Arc::new(Semaphore::new(live)),
            room: Arc::new(Semaphore::new(live + waiting)),
        }
    }

    /// Waits for a place; none where too many wait already.
    pub(super) async fn take(&self) -> Option<Place> {
        let room = Arc::clone(&self.room).try_acquire_owned().ok()?;
        let live = Arc::clone(&self.live).acquire_owned().await.ok()?;
        Some(Place {
            _live: live,
            _room: room,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::poll;

    use super::*;

    #[tokio::test]
    async fn some_live_some_wait_and_the_others_are_refused() {
        let places = Places::new(1, 1);
        let living = places.take().await.unwrap();
        {
            let mut waiting = pin!(places.take());
            assert!(poll!(&mut waiting).is_pending());
            assert!(places.take().await.is_none());
            drop(living);
            assert!(waiting.await.is_some());
        }
        // Who gives up waiting makes room.
        let _living = places.take().await.unwrap();
        for _ in 0..3 {
            assert!(poll!(pin!(places.take())).is_pending());
        }
    }
}
