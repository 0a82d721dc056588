//! wasmtime's settings, where the engine that runs Python and the one that runs components have them in common.

use wasmtime::{Config, Enabled, PoolingAllocationConfig};

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
pub(crate) fn config() -> Config {
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

/// Room for instances that is used again and again; how much there is, is the caller's to say. What an instance wrote is
/// copied back from the image, found by asking the kernel which pages were written, so the next one begins without the
/// page faults that mapping the image anew would cost it. wasmtime 48 asks for the first 32 stretches of them; what
/// lies behind is mapped anew.
pub(crate) fn pool() -> PoolingAllocationConfig {
    /// Per place; a program in pandas writes to some 4 MB. What is written beyond is mapped anew.
    const KEEP_BYTES: usize = 16 << 20;
    /// Per place; all of the function table, of which a run fills in pages here and there.
    const KEEP_TABLE_BYTES: usize = 1 << 20;
    /// What one CPython needs: the image has about 90,000 functions, in one table.
    const TABLE_ELEMENTS: usize = 1 << 20;
    const INSTANCE_BYTES: usize = 32 << 20;

    let mut pool = PoolingAllocationConfig::new();
    pool.max_memory_size(4 << 30)
        .table_elements(TABLE_ELEMENTS)
        .max_core_instance_size(INSTANCE_BYTES)
        .max_component_instance_size(INSTANCE_BYTES);
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(Enabled::Yes)
            .linear_memory_keep_resident(KEEP_BYTES)
            .table_keep_resident(KEEP_TABLE_BYTES);
    }
    pool
}
