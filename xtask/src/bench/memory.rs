//! What a sandbox costs in private memory while it is held.

use std::fs;

use anyhow::{Context as _, Result};

use crate::server::Server;

/// The private memory of one sandbox that ran a program and now waits.
pub(crate) struct Memory {
    pub(crate) name: &'static str,
    pub(crate) megabytes: f64,
    /// At most so much.
    pub(crate) max_megabytes: f64,
}

/// Holds many sandboxes at once, after each kind of program, and divides what the process grew by.
///
/// A process keeps an instance ready for each place, so what it grows by when it is given more places is an
/// instance that waits, and what it grows by when programs are held in them is what a program adds. One program
/// of each kind is run before the measurement, so that what belongs to the process (pages of the image's
/// code, the pool) is there already.
pub(crate) fn measure(sandboxes: usize) -> Result<Vec<Memory>> {
    let kinds = [
        (
            "print",
            "print('hi', flush=True)\nimport time\ntime.sleep(1000)",
            2.0,
        ),
        (
            "pandas",
            "import pandas as pd\n\
             print(pd.DataFrame({'a': [1, 2], 'b': [3, 4]}).sum(), flush=True)\n\
             import time\ntime.sleep(1000)",
            6.0,
        ),
    ];
    kinds
        .into_iter()
        .map(|(name, code, max_megabytes)| {
            let idle = |places: usize| -> Result<(Server, u64)> {
                let server = Server::python(&["--max-concurrent", &places.to_string()])?;
                drop(server.hold(0, code)?);
                server.wait_until_idle()?;
                let bytes = private_bytes(server.id())?;
                Ok((server, bytes))
            };
            let (_, with_one) = idle(1)?;
            let places = 2 * sandboxes;
            let (server, before) = idle(places)?;
            let held = (0..sandboxes)
                .map(|i| server.hold(i, code))
                .collect::<Result<Vec<_>>>()?;
            let after = private_bytes(server.id())?;
            drop(held);
            let per = |bytes: u64, base: u64, count: usize| {
                (bytes as f64 - base as f64) / count as f64 / f64::from(1 << 20)
            };
            let megabytes = per(before, with_one, places - 1) + per(after, before, sandboxes);
            Ok(Memory {
                name,
                megabytes,
                max_megabytes,
            })
        })
        .collect()
}

/// A process's private memory, from `/proc/PID/smaps_rollup`.
pub(crate) fn private_bytes(process: u32) -> Result<u64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("can't read {path}"))?;
    let kilobytes = |line: &str| -> Option<u64> {
        let (name, value) = line.split_once(':')?;
        name.starts_with("Private_")
            .then(|| value.trim().strip_suffix(" kB")?.parse().ok())?
    };
    Ok(text.lines().filter_map(kilobytes).sum::<u64>() << 10)
}
