//! The interpreter, which is in the same module once the two are joined, with a memory of its own.

/// What is imported is the interpreter's, or made when the two are joined (`runtime/src/python/component`).
#[expect(unsafe_code, reason = "imports of a module are declared so")]
mod imports {
    #[link(wasm_import_module = "interpreter")]
    unsafe extern "C" {
        /// Runs source in the interpreter's main namespace. Comes back also by way of [`leave`].
        pub(super) safe fn turn(source: u32, length: u32) -> i32;
        /// Memory of the interpreter's for its caller.
        pub(super) safe fn host_alloc(length: u32) -> u32;
        /// Copies from its memory to ours.
        pub(super) fn read(theirs: u32, ours: *mut u8, length: u32);
        /// Copies from our memory to its.
        pub(super) fn write(theirs: u32, ours: *const u8, length: u32);
        /// How large its memory is, in pages of 64 KiB.
        pub(super) safe fn pages() -> u32;
        /// How large it may become.
        pub(super) safe fn limit(pages: u32);
        /// How often it was refused more.
        pub(super) safe fn refused() -> u32;
        /// Ends the [`turn`] that is under way, from within a call of the interpreter's.
        pub(super) safe fn leave();
    }
}

const PAGE_BYTES: u64 = 64 << 10;

/// Gives it source to execute, as a notebook gives it a cell.
pub(crate) fn turn(source: &str) {
    let length = source.len() as u32;
    let at = imports::host_alloc(length);
    write(at, source.as_bytes());
    // Its own status says nothing of programs.
    _ = imports::turn(at, length);
}

/// Copies from its memory. An address outside ends the whole instance, as it does a program of its own.
#[expect(unsafe_code, reason = "the import takes a pointer")]
pub(crate) fn read(theirs: u32, ours: &mut [u8]) {
    // SAFETY: as many bytes are written as the slice has.
    unsafe { imports::read(theirs, ours.as_mut_ptr(), ours.len() as u32) }
}

/// Copies to its memory.
#[expect(unsafe_code, reason = "the import takes a pointer")]
pub(crate) fn write(theirs: u32, ours: &[u8]) {
    // SAFETY: as many bytes are read as the slice has.
    unsafe { imports::write(theirs, ours.as_ptr(), ours.len() as u32) }
}

/// How large its memory is. It never shrinks.
pub(crate) fn memory_bytes() -> u64 {
    u64::from(imports::pages()) * PAGE_BYTES
}

/// How large its memory may become.
pub(crate) fn limit_memory(bytes: u64) {
    imports::limit(u32::try_from(bytes / PAGE_BYTES).unwrap_or(u32::MAX));
}

/// Whether it was refused memory.
pub(crate) fn was_refused_memory() -> bool {
    imports::refused() > 0
}

/// Ends the [`turn`] that is under way, from within a call of the interpreter's: does not come back.
pub(crate) fn leave() {
    imports::leave();
}
