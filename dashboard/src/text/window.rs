//! Which rows of a long list are there: rows are of one height, and only those near the visible part are made.

use std::ops::Range;

/// Rows made above and below the visible ones, so that scrolling does not show a gap.
const OVERSCAN: usize = 8;

/// The rows to make, of `count` rows of `row` pixels each, where `top` pixels of the list have been scrolled away
/// and `height` are visible.
pub(crate) fn visible(top: f64, height: f64, row: f64, count: usize) -> Range<usize> {
    let first = (top.max(0.0) / row) as usize;
    let last = ((top.max(0.0) + height.max(0.0)) / row).ceil() as usize;
    let end = last.saturating_add(OVERSCAN).min(count);
    first.saturating_sub(OVERSCAN).min(end)..end
}

/// Whether so little is left below the visible part that the next page should be fetched.
pub(crate) fn wants_more(range: &Range<usize>, count: usize) -> bool {
    range.end + 2 * OVERSCAN >= count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_near_the_visible_ones_are_made() {
        assert_eq!(visible(0.0, 400.0, 40.0, 10_000), 0..18);
        assert_eq!(visible(4000.0, 400.0, 40.0, 10_000), 92..118);
        assert_eq!(visible(399_600.0, 400.0, 40.0, 10_000), 9982..10_000);
    }

    #[test]
    fn a_list_that_shrank_or_bounces_has_no_rows_that_are_not_there() {
        assert_eq!(visible(4000.0, 400.0, 40.0, 3), 3..3);
        assert_eq!(visible(-80.0, 400.0, 40.0, 3), 0..3);
        assert_eq!(visible(0.0, 0.0, 40.0, 0), 0..0);
    }

    #[test]
    fn the_next_page_is_fetched_before_the_end_is_seen() {
        assert!(!wants_more(&(0..18), 50));
        assert!(wants_more(&(20..38), 50));
    }
}
