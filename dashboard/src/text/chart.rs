//! How a chart is scaled: its steps, its bars, and where its labels stand.

use api::overview::{Bucket, Counts};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// More steps than this make a scale restless.
const MAX_STEPS: u64 = 4;
/// More labels than this stand in each other's way.
const MAX_LABELS: i64 = 8;
/// The part of its place that a bar fills.
const FILLED: f64 = 0.8;
/// What is there at all is seen, in hundredths of the height.
const MIN_HEIGHT: f64 = 1.0;

/// A scale from 0: round steps, the last of them at or above all that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scale {
    pub(crate) step: u64,
    pub(crate) top: u64,
}

impl Scale {
    /// Made for counts up to `max`.
    pub(crate) fn of(max: u64) -> Self {
        let mut magnitude: u64 = 1;
        let step = loop {
            let fits = |step: &u64| max.div_ceil(*step) <= MAX_STEPS;
            if let Some(step) = [1, 2, 5]
                .map(|n| magnitude.saturating_mul(n))
                .into_iter()
                .find(fits)
            {
                break step;
            }
            magnitude = magnitude.saturating_mul(10);
        };
        Self {
            step,
            top: max.div_ceil(step).max(1).saturating_mul(step),
        }
    }

    /// Made for the fullest of these.
    pub(crate) fn of_buckets(buckets: &[Bucket]) -> Self {
        Self::of(
            buckets
                .iter()
                .map(|bucket| bucket.counts.all())
                .max()
                .unwrap_or(0),
        )
    }

    /// The steps with their heights in hundredths, from 0.
    pub(crate) fn steps(self) -> impl Iterator<Item = (u64, f64)> {
        let height = move |value| value as f64 * 100.0 / self.top as f64;
        (0..=self.top / self.step)
            .map(move |number| (number * self.step, height(number * self.step)))
    }
}

/// One piece of a stacked bar; all in hundredths of the chart, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// What a piece counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Succeeded,
    Failed,
    Other,
}

/// The kinds from the ground up, with their words.
pub(crate) const KINDS: [(Kind, &str); 3] = [
    (Kind::Succeeded, "Succeeded"),
    (Kind::Failed, "Failed"),
    (Kind::Other, "Other"),
];

/// How many of a kind.
pub(crate) fn of_kind(counts: Counts, kind: Kind) -> u64 {
    match kind {
        Kind::Succeeded => counts.succeeded,
        Kind::Failed => counts.failed,
        Kind::Other => counts.other,
    }
}

/// The bars; what counts nothing has no piece.
pub(crate) fn pieces(buckets: &[Bucket], scale: Scale) -> Vec<Piece> {
    let place = 100.0 / buckets.len().max(1) as f64;
    let mut pieces = Vec::new();
    for (index, bucket) in buckets.iter().enumerate() {
        let mut y = 100.0;
        for (kind, _) in KINDS {
            let count = of_kind(bucket.counts, kind);
            if count == 0 {
                continue;
            }
            let height = (count as f64 * 100.0 / scale.top as f64).max(MIN_HEIGHT);
            y -= height;
            pieces.push(Piece {
                kind,
                x: place * (index as f64 + (1.0 - FILLED) / 2.0),
                y,
                width: place * FILLED,
                height,
            });
        }
    }
    pieces
}

/// How a moment on the axis is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grain {
    /// `15:00`
    Time,
    /// `Mon 23`
    Weekday,
    /// `23 Nov`
    Date,
}

const STEPS: [(i64, Grain); 9] = [
    (10 * MINUTE_MS, Grain::Time),
    (30 * MINUTE_MS, Grain::Time),
    (HOUR_MS, Grain::Time),
    (3 * HOUR_MS, Grain::Time),
    (6 * HOUR_MS, Grain::Time),
    (DAY_MS, Grain::Weekday),
    (5 * DAY_MS, Grain::Date),
    (30 * DAY_MS, Grain::Date),
    (90 * DAY_MS, Grain::Date),
];

/// Moments to be labelled between two, where the reader's clock strikes. `offset` is what that clock is ahead of
/// UTC at a time; all in milliseconds.
pub(crate) fn labels(since: i64, until: i64, offset: impl Fn(i64) -> i64) -> (Grain, Vec<i64>) {
    let fits = |(step, _): &(i64, Grain)| (until - since) / step <= MAX_LABELS;
    let (step, grain) = STEPS
        .into_iter()
        .find(fits)
        .unwrap_or(STEPS[STEPS.len() - 1]);
    let first = (since + offset(since)).div_euclid(step) * step;
    let at = (0..)
        .map(|number| first + number * step)
        // Clocks are changed now and then: what counts is how far ahead they are by then.
        .map(|local| local - offset(local - offset(since)))
        .skip_while(|at| *at < since)
        .take_while(|at| *at < until);
    (grain, at.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(succeeded: u64, failed: u64, other: u64) -> Bucket {
        Bucket {
            start: jiff::Timestamp::UNIX_EPOCH,
            counts: Counts {
                succeeded,
                failed,
                other,
            },
        }
    }

    #[test]
    fn scales_are_round() {
        for (max, step, top) in [
            (0, 1, 1),
            (1, 1, 1),
            (4, 1, 4),
            (5, 2, 6),
            (9, 5, 10),
            (31, 10, 40),
            (99, 50, 100),
            (1234, 500, 1500),
        ] {
            assert_eq!(Scale::of(max), Scale { step, top }, "{max}");
        }
        // However absurd, it ends.
        assert!(Scale::of(u64::MAX).top >= u64::MAX / 2);
        assert_eq!(
            Scale::of(5)
                .steps()
                .map(|(value, _)| value)
                .collect::<Vec<_>>(),
            [0, 2, 4, 6]
        );
    }

    #[test]
    fn bars_stand_on_each_other() {
        let buckets = [bucket(2, 1, 0), bucket(0, 0, 1)];
        let scale = Scale::of_buckets(&buckets);
        assert_eq!(scale.top, 3);
        let pieces = pieces(&buckets, scale);
        assert_eq!(pieces.len(), 3);
        assert_eq!(
            (pieces[0].kind, pieces[1].kind),
            (Kind::Succeeded, Kind::Failed)
        );
        assert!((pieces[0].y - 100.0 / 3.0).abs() < 1e-9, "{pieces:?}");
        assert!(
            (pieces[1].y + pieces[1].height - pieces[0].y).abs() < 1e-9,
            "{pieces:?}"
        );
        assert!((pieces[2].x - 55.0).abs() < 1e-9 && (pieces[2].width - 40.0).abs() < 1e-9);
    }

    #[test]
    fn one_among_thousands_is_seen() {
        let buckets = [bucket(5000, 1, 0)];
        assert!(pieces(&buckets, Scale::of_buckets(&buckets))[1].height >= MIN_HEIGHT);
    }

    #[test]
    fn labels_stand_where_a_clock_strikes() {
        let (grain, at) = labels(5 * MINUTE_MS, 65 * MINUTE_MS, |_| 0);
        assert_eq!(grain, Grain::Time);
        assert_eq!(
            at,
            [10, 20, 30, 40, 50, 60].map(|minute| minute * MINUTE_MS)
        );
        // Half an hour ahead, as in India: noon there is no full hour elsewhere.
        let (grain, at) = labels(HOUR_MS, 25 * HOUR_MS, |_| 30 * MINUTE_MS);
        assert_eq!(grain, Grain::Time);
        assert_eq!(at[0], 2 * HOUR_MS + 30 * MINUTE_MS);
        assert_eq!(at.len(), 8);
        assert_eq!(labels(0, 7 * DAY_MS, |_| 0).0, Grain::Weekday);
        assert_eq!(labels(0, 30 * DAY_MS, |_| 0).0, Grain::Date);
    }

    #[test]
    fn days_begin_at_midnight_when_clocks_are_changed() {
        let offset = |at: i64| {
            if at < 3 * DAY_MS {
                2 * HOUR_MS
            } else {
                HOUR_MS
            }
        };
        let (_, at) = labels(0, 7 * DAY_MS, offset);
        assert_eq!(at[0], DAY_MS - 2 * HOUR_MS);
        assert_eq!(at[5], 6 * DAY_MS - HOUR_MS);
    }
}
