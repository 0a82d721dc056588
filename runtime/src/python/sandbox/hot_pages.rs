//! The pages of linear memory that every run uses.
//!
//! An instance shares the image's pages until it writes to one, and each first write is a page fault, which
//! also interrupts the other cores where the page was read before. A run has a few hundred of them, nearly all
//! in the same places. So the places are learnt from one instance, and the pages of the next ones are copied
//! in one go, before anything has touched them; those that are only read are mapped.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use rustix::mm::{Advice, madvise};

/// Where they are, as byte offsets in linear memory.
#[derive(Default)]
pub(super) struct HotPages {
    /// Whole pages.
    written: Vec<Range<usize>>,
    /// A byte in each stretch of pages that the kernel maps at one fault.
    read: Vec<usize>,
}

/// How much of a file the kernel maps around a page that is read (`fault_around_bytes`, as a rule).
const FAULT_AROUND_BYTES: usize = 64 << 10;

/// An entry of `/proc/self/pagemap` (Documentation/admin-guide/mm/pagemap.rst of Linux).
type Entry = u64;
const ENTRY_BYTES: usize = size_of::<Entry>();
const IS_PRESENT: Entry = 1 << 63;
/// Still the image's, not a copy.
const IS_OF_FILE: Entry = 1 << 61;

impl HotPages {
    /// The pages that an instance has used by now.
    pub(super) fn of(memory: &[u8]) -> io::Result<Self> {
        let page = rustix::param::page_size();
        let mut entries = vec![0; memory.len() / page * ENTRY_BYTES];
        let first = memory.as_ptr().addr() / page * ENTRY_BYTES;
        File::open("/proc/self/pagemap")?.read_exact_at(&mut entries, first as u64)?;
        let mut pages = Self::default();
        for (index, entry) in entries.as_chunks::<ENTRY_BYTES>().0.iter().enumerate() {
            let entry = Entry::from_ne_bytes(*entry);
            if entry & IS_PRESENT == 0 {
                continue;
            }
            let start = index * page;
            if entry & IS_OF_FILE != 0 {
                let stretch = start / FAULT_AROUND_BYTES;
                if pages
                    .read
                    .last()
                    .is_none_or(|last| last / FAULT_AROUND_BYTES != stretch)
                {
                    pages.read.push(start);
                }
                continue;
            }
            match pages.written.last_mut() {
                Some(last) if last.end == start => last.end += page,
                _ => pages.written.push(start..start + page),
            }
        }
        Ok(pages)
    }

    /// Gives a new instance its pages. Where the kernel can't copy them (before Linux 5.14), the instance
    /// gets them as it goes.
    #[expect(unsafe_code, reason = "advice on memory takes a pointer")]
    pub(super) fn prepare(&self, memory: &mut [u8]) {
        for range in &self.written {
            let Some(pages) = memory.get_mut(range.clone()) else {
                return;
            };
            // SAFETY: the pages are this slice's own, borrowed for writing, and keep their contents.
            let done = unsafe {
                madvise(
                    pages.as_mut_ptr().cast(),
                    pages.len(),
                    Advice::LinuxPopulateWrite,
                )
            };
            if done.is_err() {
                return;
            }
        }
        for &offset in &self.read {
            std::hint::black_box(memory.get(offset).copied());
        }
    }
}
