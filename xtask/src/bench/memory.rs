//! What a sandbox costs in private memory while it is held.

use std::fs;

use anyhow::{Context as _, Result};

use super::server::Server;

/// The private memory of one sandbox that ran a program and now waits.
pub(crate) struct Memory {
    pub(crate) name: &'static str,
    pub(crate) megabytes: f64,
    /// At most so much.
    pub(crate) max_megabytes: f64,
}

/// Holds many sandboxes at once, after each kind of program, and divides what the process grew by.
///
/// One program of each kind is run before the measurement, so that what belongs to the process (pages
/// of the image's code, the pool) is there already.
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
            let server = Server::python(&["--max-concurrent", &(2 * sandboxes).to_string()])?;
            let hold_all = || {
                (0..sandboxes)
                    .map(|i| server.hold(i, code))
                    .collect::<Result<Vec<_>>>()
            };
            drop(server.hold(0, code)?);
            server.wait_until_idle()?;
            let before = private_bytes(server.id())?;
            let held = hold_all()?;
            let after = private_bytes(server.id())?;
            drop(held);
            let megabytes = (after as f64 - before as f64) / sandboxes as f64 / f64::from(1 << 20);
            Ok(Memory {
                name,
                megabytes,
                max_megabytes,
            })
        })
        .collect()
}

/// A process's private memory, from `/proc/PID/smaps_rollup`.
fn private_bytes(process: u32) -> Result<u64> {
    let path = format!("/proc/{process}/smaps_rollup");
    let text = fs::read_to_string(&path).with_context(|| format!("can't read {path}"))?;
    let kilobytes = |line: &str| -> Option<u64> {
        let (name, value) = line.split_once(':')?;
        name.starts_with("Private_")
            .then(|| value.trim().strip_suffix(" kB")?.parse().ok())?
    };
    Ok(text.lines().filter_map(kilobytes).sum::<u64>() << 10)
}
