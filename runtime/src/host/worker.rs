//! When instances are made, how many requests each gets, and when they are dropped.
//!
//! An instance of WASI 0.3 answers many requests, several at a time: making one costs more than most requests.
//! It lives on after a caller hung up, for as long as a component may need to write down what
//! happened, and no longer. One of WASI 0.2 answers one request and is gone with its caller.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
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
use super::places::{Place, Places};
pub(super) use life::Life;

mod life;

/// How long an instance waits for its next request.
const IDLE: Duration = Duration::from_secs(10);

/// Whose request it is.
pub(super) struct Caller {
    /// Closed when the caller hangs up; `true` where he did not, but was told that there is no response.
    pub(super) gone: watch::Receiver<bool>,
    /// What the request's instance takes up, where it has one of its own.
    pub(super) place: Option<Place>,
}

/// What the instances of an application are doing together.
#[derive(Default)]
pub(super) struct Load {
    /// How many instances have something to do.
    busy: watch::Sender<usize>,
    closing: AtomicBool,
    broken_off: AtomicBool,
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

    /// From now on no instance lives on that answers one request only.
    pub(super) fn break_off(&self) {
        self.broken_off.store(true, Relaxed);
    }
}

/// The instances of one component.
pub(super) struct Workers {
    blueprint: Blueprint,
    load: Arc<Load>,
    life: Life,
    /// Where each instance answers one request.
    pub(super) places: Option<Places>,
    /// Where the instances run.
    pub(super) runtime: Handle,
}

impl Workers {
    pub(super) fn new(blueprint: Blueprint, load: Arc<Load>, runtime: Handle) -> Self {
        let life = Life::of(&blueprint.pre);
        Self {
            blueprint,
            load,
            life,
            places: (life == Life::OneRequest).then(Places::default),
            runtime,
        }
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
        let expiration = Expiration::new(self.life, callers.clone(), Arc::clone(&self.load));
        let component = Arc::clone(&self.blueprint.outbound.component);
        let state = Worker {
            component,
            life: self.life,
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
    waiting: Mutex<Vec<watch::Receiver<bool>>>,
    /// One of them hung up, or has read all there was.
    hung_up: AtomicBool,
    /// Given back when the instance is gone.
    place: OnceLock<Place>,
    given_up: AtomicBool,
}

impl Callers {
    fn add(&self, caller: Caller) {
        let Caller { gone, place } = caller;
        let mut waiting = self
            .0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        waiting.push(gone);
        if let Some(place) = place {
            // It is the instance's only request.
            _ = self.0.place.set(place);
        }
    }

    /// Whether anyone still waits for a response or reads one.
    fn any(&self) -> bool {
        let mut callers = self
            .0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        callers.retain(|caller| {
            let waits = caller.has_changed().is_ok();
            if !waits && !*caller.borrow() {
                self.0.hung_up.store(true, Relaxed);
            }
            waits
        });
        !callers.is_empty()
    }

    /// Whether somebody gave up waiting, and nobody waits.
    fn hung_up(&self) -> bool {
        !self.any() && self.0.hung_up.load(Relaxed)
    }

    /// Whether the instance was dropped because it went on without any.
    fn given_up(&self) -> bool {
        self.0.given_up.load(Relaxed)
    }
}

/// An instance as the handler sees it.
pub(super) struct Worker {
    component: Arc<str>,
    life: Life,
    memory: MemoryLimit,
    callers: Callers,
    load: Arc<Load>,
}

impl WorkerState for Worker {
    type StoreData = State;
    type RequestData = Caller;

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        self.life
            .should_accept(concurrent, total, self.memory.bytes())
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, State>,
        caller: Caller,
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        let mut gone = caller.gone.clone();
        let aftermath = self.life.aftermath();
        self.callers.add(caller);
        Box::pin(async move {
            while gone.changed().await.is_ok() {}
            tokio::time::sleep(aftermath).await;
        })
    }

    fn drop(&self, mut store: Store<State>, result: wasmtime::Result<()>) {
        let component = &*self.component;
        let hung_up = self.callers.hung_up();
        let unfinished = self.life == Life::OneRequest && store.data_mut().break_off_bodies();
        match (result, self.life) {
            _ if self.load.closing.load(Relaxed) => {}
            // Whatever it did then, nobody wanted it.
            (_, Life::OneRequest) if hung_up => {}
            (Err(_), Life::OneRequest) if self.callers.given_up() => {
                tracing::warn!(component, "a request was broken off: the server stops");
            }
            (Err(_), Life::Long) if self.callers.given_up() => {
                tracing::warn!(
                    component,
                    "an instance was dropped: it went on for {:?} after its callers hung up",
                    self.life.aftermath()
                );
            }
            (Err(error), _) => tracing::error!(component, "an instance came down: {error:?}"),
            (Ok(()), _) if unfinished => {
                tracing::error!(component, "an instance ended before its answer did");
            }
            (Ok(()), _) => {}
        }
        drop(store);
    }
}

/// Decides when an instance is dropped.
pub(super) struct Expiration {
    life: Life,
    callers: Callers,
    busy: Busy,
    tick: Interval,
    /// Since when nobody has waited for this instance.
    quiet_since: Option<Instant>,
}

impl Expiration {
    fn new(life: Life, callers: Callers, load: Arc<Load>) -> Self {
        let mut tick = tokio::time::interval(life.tick());
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            life,
            callers,
            busy: Busy {
                load,
                counted: false,
            },
            tick,
            quiet_since: None,
        }
    }

    /// Whether the instance has been without a caller for this long.
    fn is_over(&mut self, patience: Duration, start: Instant) -> bool {
        if self.life == Life::OneRequest && self.busy.load.broken_off.load(Relaxed) {
            return true;
        }
        if self.callers.any() {
            self.quiet_since = None;
            return false;
        }
        let quiet_since = *self.quiet_since.get_or_insert_with(Instant::now);
        quiet_since.max(start).elapsed() >= patience
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
            WorkerStatus::Requests | WorkerStatus::PostReturn => this.life.aftermath(),
        };
        loop {
            let ticked = this.tick.poll_tick(cx);
            // One that computes is asked whenever it lets others run, which may be before the tick is noticed.
            let looks = ticked.is_ready() || this.life == Life::OneRequest;
            if looks && this.is_over(patience, start) {
                this.callers.0.given_up.store(true, Relaxed);
                return Poll::Ready(());
            }
            ready!(ticked);
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
