//! How long one call takes, the two systems taking turns.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use super::cases::{Case, Clock};
use super::statistics::Percentiles;
use super::subprocess::Python;
use super::turns::take_turns;
use crate::server::Server;

/// One case, on both sides.
pub(crate) struct Latency {
    pub(crate) case: &'static Case,
    pub(crate) vivarium: Percentiles,
    pub(crate) subprocess: Percentiles,
}

impl Latency {
    /// How many times faster the median is than the subprocess's.
    pub(crate) fn times_faster(&self) -> f64 {
        self.subprocess.p50 / self.vivarium.p50
    }
}

/// Measures a case `runs` times on each side, after `warm_up` runs that do not count.
pub(crate) fn measure(
    case: &'static Case,
    server: &Server,
    python: &Python,
    warm_up: usize,
    runs: usize,
) -> Result<Latency> {
    let agent = server.agent();
    let ours = || timed(case, |code| server.call(&agent, code)).context("vivarium");
    let theirs = || timed(case, |code| python.run(code)).context("python3");
    for _ in 0..warm_up {
        ours()?;
        theirs()?;
    }
    let [vivarium, subprocess] = take_turns(runs, [&ours, &theirs])?;
    Ok(Latency {
        case,
        vivarium,
        subprocess,
    })
}

/// Runs a case once, by the clock that counts for it.
fn timed(case: &Case, run: impl Fn(&str) -> Result<String>) -> Result<Duration> {
    let start = Instant::now();
    let stdout = run(case.code)?;
    let elapsed = start.elapsed();
    match case.clock {
        Clock::Call => Ok(elapsed),
        Clock::Program => {
            let seconds = stdout.lines().last().unwrap_or_default();
            let seconds: f64 = seconds
                .parse()
                .with_context(|| format!("`{seconds}` is not a number of seconds"))?;
            Ok(Duration::from_secs_f64(seconds))
        }
    }
}
