//! The memory limit.

use wasmtime::ResourceLimiter;

/// More than CPython's function table will ever need.
const MAX_TABLE_ELEMENTS: usize = 1 << 20;

/// Refuses to let linear memory grow past the limit. To the program that is a `MemoryError`, as it
/// would be on a machine without more memory.
pub(super) struct MemoryLimit {
    most: u64,
    refused: bool,
}

impl MemoryLimit {
    pub(super) fn new(most: u64) -> Self {
        Self {
            most,
            refused: false,
        }
    }

    /// Whether more was asked for than may be had.
    pub(super) fn refused(&self) -> bool {
        self.refused
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired as u64 <= self.most;
        self.refused |= !allowed;
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= MAX_TABLE_ELEMENTS)
    }
}
