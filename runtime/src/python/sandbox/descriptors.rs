//! How many files a run may have open at once.

/// The host's descriptors are everybody's: as many as a program needs, and few enough that every place
/// can have them.
const MOST: u32 = 256;

/// Counts what a run has open.
#[derive(Default)]
pub(super) struct Descriptors {
    open: u32,
}

impl Descriptors {
    /// Whether one more may be opened.
    pub(super) fn admit(&self) -> bool {
        self.open < MOST
    }

    pub(super) fn opened(&mut self) {
        self.open += 1;
    }

    pub(super) fn closed(&mut self) {
        // The standard streams and the folders were not counted, and may be closed too.
        self.open = self.open.saturating_sub(1);
    }
}
