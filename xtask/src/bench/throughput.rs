//! How many calls a second, with several clients at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::statistics::Percentiles;
use crate::server::Server;

/// `print('hi')` by several clients, each waiting for its answer before it calls again.
pub(crate) struct Throughput {
    pub(crate) clients: usize,
    pub(crate) calls_per_second: f64,
    pub(crate) failures: usize,
    pub(crate) latency: Percentiles,
}

/// What became of one client's calls.
#[derive(Default)]
struct Tally {
    durations: Vec<Duration>,
    failures: usize,
}

/// Measures `calls` calls by `clients` clients against a server of their own.
pub(crate) fn measure(clients: usize, calls: usize) -> Result<Throughput> {
    let server = Server::serve(&[])?;
    server.call(&server.agent(), "print('hi')")?;
    let left = AtomicUsize::new(calls);
    let start = Instant::now();
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|_| scope.spawn(|| client(&server, &left)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("a client does not panic"))
            .collect()
    });
    let elapsed = start.elapsed();
    let durations: Vec<Duration> = tallies
        .iter()
        .flat_map(|tally| tally.durations.iter().copied())
        .collect();
    Ok(Throughput {
        clients,
        calls_per_second: (durations.len() as f64) / elapsed.as_secs_f64(),
        failures: tallies.iter().map(|tally| tally.failures).sum(),
        latency: Percentiles::of(if durations.is_empty() {
            &[Duration::ZERO]
        } else {
            &durations
        }),
    })
}

/// Calls as long as there are calls left; a failed call counts as a failure and not as a call.
fn client(server: &Server, left: &AtomicUsize) -> Tally {
    let agent = server.agent();
    let mut tally = Tally::default();
    while left
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(1)
        })
        .is_ok()
    {
        let start = Instant::now();
        match server.call(&agent, "print('hi')") {
            Ok(stdout) if stdout == "hi\n" => tally.durations.push(start.elapsed()),
            _ => tally.failures += 1,
        }
    }
    tally
}
