//! Taking turns, so that a noisy machine is noisy for all that is compared.

use std::time::Duration;

use anyhow::Result;

use super::statistics::Percentiles;

/// Calls in a row of one before it is the next one's turn: few, so that noise meets all, and more than one, so that
/// most calls find the processor's caches as their own kind left them.
pub(crate) const TURN: usize = 10;

/// Measures each `runs` times, and once at least.
pub(crate) fn take_turns<const N: usize>(
    runs: usize,
    ways: [&dyn Fn() -> Result<Duration>; N],
) -> Result<[Percentiles; N]> {
    let mut times = [const { Vec::new() }; N];
    let mut left = runs.max(1);
    while left > 0 {
        let turn = left.min(TURN);
        for (way, times) in ways.iter().zip(&mut times) {
            for _ in 0..turn {
                times.push(way()?);
            }
        }
        left -= turn;
    }
    Ok(times.map(|times| Percentiles::of(&times)))
}
