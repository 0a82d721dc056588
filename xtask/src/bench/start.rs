//! How long it takes from starting `vivarium serve`, with warm caches, to its first answer.

use std::time::Instant;

use anyhow::Result;

use super::statistics::Percentiles;
use crate::server::Server;

/// Starts a server `runs` times.
pub(crate) fn measure(warm_up: usize, runs: usize) -> Result<Percentiles> {
    let once = || {
        let start = Instant::now();
        let server = Server::serve(&[])?;
        server.call(&server.agent(), "print('hi')")?;
        Ok(start.elapsed())
    };
    for _ in 0..warm_up {
        once()?;
    }
    let durations = (0..runs.max(1))
        .map(|_| once())
        .collect::<Result<Vec<_>>>()?;
    Ok(Percentiles::of(&durations))
}
