//! Threads for components of WASI 0.2, which compute for as long as they like.
//!
//! Such an instance lets go of its thread at each tick of the clock, and takes it again as soon as it is its
//! turn. On threads that also look after sockets and timers it would keep those waiting: they are looked at
//! when there is nothing else to do, or after some 60 turns. So these components have threads of their own,
//! as many as there are cores, which look after each turn, and the system shares the cores out.

use std::pin::pin;

use tokio::runtime::{Builder, Handle, Runtime};

use super::error::HostError;

/// The threads; dropped, what runs on them is dropped at its next tick.
pub(super) struct Threads(Option<Runtime>);

impl Threads {
    pub(super) fn start() -> Result<Self, HostError> {
        Builder::new_multi_thread()
            .thread_name("component")
            .event_interval(1)
            .global_queue_interval(1)
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
            .map_err(HostError::Threads)
    }

    pub(super) fn handle(&self) -> Handle {
        let runtime = self.0.as_ref();
        runtime
            .expect("they are taken when they are dropped")
            .handle()
            .clone()
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting for them would not be allowed where requests are answered.
            runtime.shutdown_background();
        }
    }
}

/// Polls a future here, and starts the tasks that it starts over there.
pub(super) async fn spawning_on<F: Future>(handle: &Handle, future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        let _there = handle.enter();
        future.as_mut().poll(cx)
    })
    .await
}
