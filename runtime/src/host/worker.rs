//! When instances are made, how many requests each gets, and when they are dropped.
//!
//! An instance answers many requests, several at a time: making one costs more than most requests.
//! It lives on after a caller hung up, for as long as a component may need to write down what
//! happened, and no longer.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};
use wasmtime::component::GuestTaskId;
use wasmtime::{Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};

use super::instance::{Blueprint, State};
use super::memory::MemoryLimit;

/// Requests an instance works on at a time. They share its one thread and a trap ends them all.
const MAX_CONCURRENT: usize = 8;
/// Requests an instance gets in all, so that what a component leaks is not leaked for ever.
const MAX_REQUESTS: usize = 10_000;
/// Linear memory never shrinks: an instance that has grown this large gets no new requests.
const LARGE_BYTES: usize = 64 << 20;
/// How long an instance waits for its next request.
const IDLE: Duration = Duration::from_secs(10);
/// How long a component may go on when nobody waits for it any more.
const AFTERMATH: Duration = Duration::from_secs(10);

/// Closed when the caller of a request hangs up.
pub(super) type Caller = watch::Receiver<()>;

/// What the instances of an application are doing together.
#[derive(Default)]
pub(super) struct Load {
    /// How many instances have something to do.
    busy: watch::Sender<usize>,
    closing: AtomicBool,
}

impl Load {
    /// Waits until no instance has anything to do.
    pub(super) async fn idle(&self) {
        // The sender is here, so it can't be gone.
        _ = self.busy.subscribe().wait_for(|busy| *busy == 0).await;
    }

    /// From now on an instance that ends in the middle of something is nothing to complain of.
    pub(super) fn close(&self) {
        self.closing.store(true, Relaxed);
    }
}

/// The instances of one component.
pub(super) struct Workers {
    blueprint: Blueprint,
    load: Arc<Load>,
}

impl Workers {
    pub(super) fn new(blueprint: Blueprint, load: Arc<Load>) -> Self {
        Self { blueprint, load }
    }

    /// The component's name.
    pub(super) fn name(&self) -> &str {
        &self.blueprint.outbound.component
    }
}

impl HandlerState for Workers {
    type StoreData = State;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<State, Expiration, Worker>> {
        let (store, proxy, memory) = self.blueprint.instantiate().await?;
        let callers = Callers::default();
        let expiration = Expiration::new(callers.clone(), Arc::clone(&self.load));
        let component = Arc::clone(&self.blueprint.outbound.component);
        let state = Worker {
            component,
            memory,
            callers,
            load: Arc::clone(&self.load),
        };
        Ok(Instance {
            store,
            proxy,
            view: State::http,
            expiration,
            state,
        })
    }
}

/// The callers of one instance.
#[derive(Clone, Default)]
struct Callers(Arc<Called>);

#[derive(Default)]
struct Called {
    waiting: Mutex<Vec<Caller>>,
    given_up: AtomicBool,
}

impl Callers {
    fn add(&self, caller: Caller) {
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(caller);
    }

    /// Whether anyone still waits for a response or reads one.
    fn any(&self) -> bool {
        let mut callers = self
            .0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        callers.retain(|caller| caller.has_changed().is_ok());
        !callers.is_empty()
    }

    /// Whether the instance was dropped because it went on without any.
    fn given_up(&self) -> bool {
        self.0.given_up.load(Relaxed)
    }
}

/// An instance as the handler sees it.
pub(super) struct Worker {
    component: Arc<str>,
    memory: MemoryLimit,
    callers: Callers,
    load: Arc<Load>,
}

impl WorkerState for Worker {
    type StoreData = State;
    type RequestData = Caller;

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        if total >= MAX_REQUESTS || self.memory.bytes() >= LARGE_BYTES {
            ShouldAccept::Never
        } else if concurrent >= MAX_CONCURRENT {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, State>,
        mut caller: Caller,
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        self.callers.add(caller.clone());
        Box::pin(async move {
            while caller.changed().await.is_ok() {}
            tokio::time::sleep(AFTERMATH).await;
        })
    }

    fn drop(&self, store: Store<State>, result: wasmtime::Result<()>) {
        let component = &*self.component;
        match result {
            Err(_) if self.load.closing.load(Relaxed) => {}
            Err(_) if self.callers.given_up() => {
                tracing::warn!(
                    component,
                    "an instance was dropped: it went on for {AFTERMATH:?} after its callers hung up"
                );
            }
            Err(error) => tracing::error!(component, "an instance came down: {error:?}"),
            Ok(()) => {}
        }
        drop(store);
    }
}

/// Decides when an instance is dropped.
pub(super) struct Expiration {
    callers: Callers,
    busy: Busy,
    tick: Interval,
    /// Since when nobody has waited for this instance.
    quiet_since: Option<Instant>,
}

impl Expiration {
    fn new(callers: Callers, load: Arc<Load>) -> Self {
        let mut tick = tokio::time::interval(Duration::from_secs(1));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            callers,
            busy: Busy {
                load,
                counted: false,
            },
            tick,
            quiet_since: None,
        }
    }
}

impl WorkerExpiration for Expiration {
    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        status: WorkerStatus,
        start: Instant,
    ) -> Poll<()> {
        let this = self.get_mut();
        this.busy.set(status != WorkerStatus::Idle);
        let patience = match status {
            WorkerStatus::Idle => IDLE,
            WorkerStatus::Requests | WorkerStatus::PostReturn => AFTERMATH,
        };
        loop {
            ready!(this.tick.poll_tick(cx));
            if this.callers.any() {
                this.quiet_since = None;
                continue;
            }
            let quiet_since = *this.quiet_since.get_or_insert_with(Instant::now);
            if quiet_since.max(start).elapsed() >= patience {
                this.callers.0.given_up.store(true, Relaxed);
                return Poll::Ready(());
            }
        }
    }
}

/// One instance's part in the count of the busy ones.
struct Busy {
    load: Arc<Load>,
    counted: bool,
}

impl Busy {
    fn set(&mut self, busy: bool) {
        if busy != self.counted {
            self.counted = busy;
            self.load
                .busy
                .send_modify(|count| if busy { *count += 1 } else { *count -= 1 });
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.set(false);
    }
}
