//! The engine that runs Python, and the clock that ends runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::Duration;

use wasmtime::{Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::engine;

/// How often a running program is looked at: a deadline or a hang-up is noticed within this.
const TICK: Duration = Duration::from_millis(5);

/// Room for `places` instances.
fn pool(places: usize) -> PoolingAllocationConfig {
    // A run gives up its place when its instance is gone; for each place one more instance waits; one is being made.
    let slots = u32::try_from(places.saturating_mul(2).saturating_add(1)).unwrap_or(u32::MAX);
    let mut pool = engine::pool();
    pool.total_core_instances(slots)
        // Linear memory, and the heap where wasmtime keeps the guest's exceptions.
        .total_memories(slots.saturating_mul(2))
        .total_gc_heaps(slots)
        .total_tables(slots)
        .total_stacks(slots);
    pool
}

/// An engine whose epoch advances while something runs in it.
#[derive(Clone)]
pub struct TickingEngine {
    engine: Engine,
    places: usize,
    running: Arc<AtomicUsize>,
    ticker: Thread,
}

impl TickingEngine {
    /// Starts the engine, with room for as many runs at once, and its clock. The clock's thread lives as long as the process and sleeps while
    /// nothing runs.
    pub fn new(places: usize) -> wasmtime::Result<Self> {
        let mut config = engine::config();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(places)));
        let engine = Engine::new(&config)?;
        let running = Arc::new(AtomicUsize::new(0));
        let ticker = std::thread::Builder::new()
            .name("epoch".to_owned())
            .spawn({
                let (engine, running) = (engine.clone(), running.clone());
                move || loop {
                    match running.load(Ordering::Acquire) {
                        0 => std::thread::park(),
                        _ => std::thread::sleep(TICK),
                    }
                    engine.increment_epoch();
                }
            })?;
        Ok(Self {
            engine,
            places,
            running,
            ticker: ticker.thread().clone(),
        })
    }

    /// The engine itself.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs at once, at most.
    pub(super) fn places(&self) -> usize {
        self.places
    }

    /// Keeps the clock going until the guard is dropped.
    pub fn tick(&self) -> Ticking<'_> {
        if self.running.fetch_add(1, Ordering::AcqRel) == 0 {
            self.ticker.unpark();
        }
        Ticking(self)
    }
}

/// While it lives, epochs pass.
pub struct Ticking<'a>(&'a TickingEngine);

impl Drop for Ticking<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::AcqRel);
    }
}
