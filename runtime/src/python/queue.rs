//! How many programs run at once, and how many may wait for their turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A bounded queue in front of a bounded number of places.
#[derive(Clone)]
pub(super) struct Queue {
    places: Arc<Semaphore>,
    most_running: usize,
    most_waiting: usize,
    entered: Arc<AtomicUsize>,
}

/// The right to wait for a place, and then the place.
pub(super) struct Ticket {
    queue: Queue,
}

/// The queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Queue {
    pub(super) fn new(most_running: usize, most_waiting: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most_running)),
            most_running,
            most_waiting,
            entered: Arc::default(),
        }
    }

    /// Joins the queue, unless it is full.
    pub(super) fn enter(&self) -> Result<Ticket, Full> {
        let most = self.most_running + self.most_waiting;
        let entered = self
            .entered
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |n| {
                (n < most).then_some(n + 1)
            });
        match entered {
            Ok(_) => Ok(Ticket {
                queue: self.clone(),
            }),
            Err(_) => Err(Full),
        }
    }

    /// Runs under way.
    pub(super) fn running(&self) -> usize {
        self.most_running - self.places.available_permits()
    }

    /// Runs that wait.
    pub(super) fn waiting(&self) -> usize {
        self.entered
            .load(Ordering::Acquire)
            .saturating_sub(self.running())
    }

    /// Runs at once, at most.
    pub(super) fn most_running(&self) -> usize {
        self.most_running
    }
}

impl Ticket {
    /// Waits for a place, first come, first served. It is free again when the permit is dropped.
    pub(super) async fn place(&self) -> OwnedSemaphorePermit {
        self.queue
            .places
            .clone()
            .acquire_owned()
            .await
            .expect("the semaphore is never closed")
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.queue.entered.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_queue_is_bounded_and_frees_its_places() {
        let queue = Queue::new(1, 1);
        let running = queue.enter().unwrap();
        let place = running.place().await;
        let waiting = queue.enter().unwrap();
        assert_eq!((queue.running(), queue.waiting()), (1, 1));
        assert_eq!(queue.enter().err(), Some(Full));
        drop((place, running));
        drop(waiting.place().await);
        assert!(queue.enter().is_ok());
    }
}
