//! The time an overview is about, cut into buckets of a round size.

const MINUTE_MS: i64 = 60_000;
/// Minutes of a bucket: the smallest is taken that gives no more than [`MAX_BUCKETS`].
const SIZES: [i64; 12] = [1, 2, 5, 10, 30, 60, 120, 360, 720, 1_440, 2_880, 10_080];
/// As many as a chart can show side by side.
const MAX_BUCKETS: i64 = 96;
/// The first Monday after 1970 began: weeks begin with one, and all smaller buckets at whole multiples of their size.
const MONDAY_MS: i64 = 4 * 24 * 60 * MINUTE_MS;

/// A time in buckets; all in milliseconds, since 1970 where it is a moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) since: i64,
    /// The end of the bucket that now is in.
    pub(super) until: i64,
    pub(super) bucket_ms: i64,
}

impl Window {
    /// The last hours.
    pub(super) fn of(hours: u32, now: i64) -> Self {
        let minutes = i64::from(hours) * 60;
        let fits = |size: &i64| minutes <= size * MAX_BUCKETS;
        let size = SIZES.into_iter().find(fits);
        let size = size.unwrap_or(SIZES[SIZES.len() - 1]);
        let count = (minutes + size - 1) / size;
        let bucket_ms = size * MINUTE_MS;
        let until = ((now - MONDAY_MS).div_euclid(bucket_ms) + 1) * bucket_ms + MONDAY_MS;
        Self {
            since: until - count * bucket_ms,
            until,
            bucket_ms,
        }
    }

    /// Where its buckets begin.
    pub(super) fn starts(&self) -> impl Iterator<Item = i64> {
        let count = (self.until - self.since) / self.bucket_ms;
        let (since, bucket_ms) = (self.since, self.bucket_ms);
        (0..count).map(move |number| since + number * bucket_ms)
    }

    pub(super) fn bucket_seconds(&self) -> u64 {
        self.bucket_ms.unsigned_abs() / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Tuesday, 2026-01-06T10:40:30Z.
    const NOW: i64 = 1_767_696_030_000;

    #[test]
    fn buckets_are_round_and_not_too_many() {
        for (hours, minutes, count) in [
            (1, 1, 60),
            (2, 2, 60),
            (24, 30, 48),
            (168, 120, 84),
            (720, 720, 60),
            (8760, 10_080, 53),
        ] {
            let window = Window::of(hours, NOW);
            assert_eq!(window.bucket_seconds(), minutes * 60, "{hours} hours");
            assert_eq!(window.starts().count(), count, "{hours} hours");
        }
        for hours in 1..=8760 {
            assert!(Window::of(hours, NOW).starts().count() <= 96, "{hours}");
        }
    }

    #[test]
    fn now_is_in_the_last_bucket() {
        for hours in [1, 24, 168, 720, 8760] {
            for now in [NOW, NOW - 30_000, NOW - 30_001] {
                let window = Window::of(hours, now);
                let last = window.starts().last().unwrap();
                assert!((last..window.until).contains(&now), "{window:?}");
                assert_eq!(last + window.bucket_ms, window.until);
            }
        }
    }

    #[test]
    fn buckets_begin_where_a_clock_strikes() {
        let time = |ms| crate::clock::timestamp(ms).to_string();
        let day = Window::of(24, NOW);
        assert_eq!(time(day.since), "2026-01-05T11:00:00Z");
        assert_eq!(time(day.until), "2026-01-06T11:00:00Z");
        let month = Window::of(720, NOW);
        assert_eq!(time(month.until), "2026-01-06T12:00:00Z");
        let year = Window::of(8760, NOW);
        assert_eq!(time(year.until), "2026-01-12T00:00:00Z");
    }
}
