//! The wasmtime engine that runs Python, and the clock that ends runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::Duration;

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// How often a running program is looked at: a deadline or a hang-up is noticed within this.
const TICK: Duration = Duration::from_millis(5);

/// Room for wasm frames. CPython stops recursion by its own limits, in Python code and, by its own stack
/// in linear memory, in C code (`repr`, the parser); with this much room those come first.
const WASM_STACK_BYTES: usize = 64 << 20;

/// The configuration is part of the compiled image's key: change anything, and the image is compiled anew.
///
/// What is on and off, and why (a loop of 3 million additions: native 78 ms, here 177 ms):
/// - Epoch checks are on, at every loop and function entry. They cost about a quarter of the interpreter's
///   speed, and are what makes the deadline hard: a program in `while True: pass`, inside a C loop, or of
///   hand-made bytecode is stopped all the same.
/// - The Spectre guard of the function table is off; it costs a tenth. The code that runs here is
///   CPython's and no program can bring its own, so the guard would stand only against a speculative call
///   through a forged function pointer. Whoever must rule that out gives each tenant a process of its own.
///   Linear memory needs no guard: its bounds are unmapped pages, not comparisons.
/// - Copy-on-write memory is on: an instance begins as a mapping of the image and pays for what it writes.
pub fn config() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    no_table_guard(&mut config);
    config.max_wasm_stack(WASM_STACK_BYTES);
    config.async_stack_size(WASM_STACK_BYTES + (2 << 20));
    config.memory_init_cow(true);
    // Always map the image, however sparse: the alternative copies it, 100 MB for each instance.
    config.memory_guaranteed_dense_image_size(u64::MAX);
    config
}

#[expect(unsafe_code, reason = "compiler flags have no checked setter")]
fn no_table_guard(config: &mut Config) {
    // SAFETY: an unsafe setter because some flags change what code may assume. This one only leaves out
    // instructions that have no effect but on speculation.
    unsafe { config.cranelift_flag_set("enable_table_access_spectre_mitigation", "false") };
}

/// Room for `places` instances that is used again and again. What an instance wrote is copied back from
/// the image, found by asking the kernel which pages were written, so the next one begins without the page
/// faults that mapping the image anew would cost it. wasmtime 48 asks for the first 32 stretches of them; what
/// lies behind is mapped anew.
fn pool(places: usize) -> PoolingAllocationConfig {
    /// Per place; a program in pandas writes to some 4 MB. What is written beyond is mapped anew.
    const KEEP_BYTES: usize = 16 << 20;
    /// Per place; all of the function table, of which a run fills in pages here and there.
    const KEEP_TABLE_BYTES: usize = 1 << 20;
    /// What one CPython needs: the image has about 90,000 functions, in one table.
    const TABLE_ELEMENTS: usize = 1 << 20;
    const INSTANCE_BYTES: usize = 32 << 20;

    // A run gives up its place when its instance is gone; for each place one more instance waits; one is being made.
    let slots = u32::try_from(places.saturating_mul(2).saturating_add(1)).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_core_instances(slots)
        // Linear memory, and the heap where wasmtime keeps the guest's exceptions.
        .total_memories(slots.saturating_mul(2))
        .total_gc_heaps(slots)
        .total_tables(slots)
        .total_stacks(slots);
    pool.max_memory_size(4 << 30)
        .table_elements(TABLE_ELEMENTS)
        .max_core_instance_size(INSTANCE_BYTES);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes)
            .linear_memory_keep_resident(KEEP_BYTES)
            .table_keep_resident(KEEP_TABLE_BYTES);
    }
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
        let mut config = config();
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
