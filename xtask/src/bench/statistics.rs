//! Percentiles.

use std::time::Duration;

/// What is reported of many durations, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Percentiles {
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
}

impl Percentiles {
    /// By the nearest-rank method: each is a duration that was really measured.
    ///
    /// # Panics
    /// Without a single duration.
    pub(crate) fn of(durations: &[Duration]) -> Self {
        let mut sorted = durations.to_vec();
        sorted.sort_unstable();
        let rank = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted[rank - 1].as_secs_f64() * 1000.0
        };
        Self {
            p50: rank(50),
            p95: rank(95),
            p99: rank(99),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let durations: Vec<_> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(
            Percentiles::of(&durations),
            Percentiles {
                p50: 100.0,
                p95: 190.0,
                p99: 198.0
            }
        );
    }

    #[test]
    fn a_single_duration_is_every_percentile() {
        let all = Percentiles::of(&[Duration::from_millis(7)]);
        assert_eq!(
            all,
            Percentiles {
                p50: 7.0,
                p95: 7.0,
                p99: 7.0
            }
        );
    }
}
