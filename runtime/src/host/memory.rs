//! The memory of an instance: how much it uses, and how much it may.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use wasmtime::ResourceLimiter;

/// What all linear memories of an instance may hold together where its component does not say: far more
/// than a request of 10 MiB and its answer need, and few enough to leave the machine alive.
pub(super) const MAX_BYTES: usize = 512 << 20;
/// Far more than a table of functions has.
const MAX_TABLE_ELEMENTS: usize = 1 << 20;

/// Counts the memory of one instance; clones count together.
#[derive(Clone)]
pub(super) struct MemoryLimit {
    bytes: Arc<AtomicUsize>,
    max_bytes: usize,
}

impl MemoryLimit {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            bytes: Arc::default(),
            max_bytes,
        }
    }

    /// Bytes of linear memory, which never become fewer.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let bytes = self.bytes() + desired.saturating_sub(current);
        let allowed = bytes <= self.max_bytes;
        if allowed {
            self.bytes.store(bytes, Relaxed);
        }
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        _: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= MAX_TABLE_ELEMENTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_count_together_up_to_the_limit() {
        let mut limit = MemoryLimit::new(MAX_BYTES);
        assert!(limit.memory_growing(0, MAX_BYTES / 2, None).unwrap());
        assert!(limit.memory_growing(0, MAX_BYTES / 2, None).unwrap());
        assert!(!limit.memory_growing(0, 1, None).unwrap());
        assert_eq!(limit.bytes(), MAX_BYTES);
    }
}
