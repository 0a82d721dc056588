//! Making the image's objects immortal, which `prepare.py` asks for while the image is made.

/// How a frame through the door begins that asks for it.
const FRAME: &[u8] = b"immortals";

/// The addresses in a frame, if it is such a one.
pub(super) fn addresses(frame: &[u8]) -> Option<Vec<u32>> {
    let addresses = frame.strip_prefix(FRAME)?.as_chunks().0;
    Some(
        addresses
            .iter()
            .map(|bytes| u32::from_le_bytes(*bytes))
            .collect(),
    )
}

/// Gives objects the reference count that CPython never changes.
///
/// A count is the first word of an object. In a 32-bit CPython 3.15, one of at least 2^30 is immortal
/// (`_Py_IMMORTAL_MINIMUM_REFCNT`), and `None` is made with 5 * 2^28.
pub(super) fn make_immortal(memory: &mut [u8], addresses: &[u32]) {
    const MINIMUM: i32 = 1 << 30;
    const IMMORTAL: i32 = 5 << 28;
    for &address in addresses {
        let Some(count) = memory
            .get_mut(address as usize..)
            .and_then(|bytes| bytes.first_chunk_mut::<4>())
        else {
            continue;
        };
        if (1..MINIMUM).contains(&i32::from_le_bytes(*count)) {
            *count = IMMORTAL.to_le_bytes();
        }
    }
}
