//! Many streams held at once.

use std::io::{BufRead as _, BufReader};
use std::sync::Barrier;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::statistics::Percentiles;
use crate::server::Server;

/// Streams of programs that say every second what time it is.
pub(crate) struct Streams {
    pub(crate) streams: usize,
    pub(crate) seconds: u64,
    /// Lines of streams that broke off, or whose lines did not all come, once each and in order.
    pub(crate) lost: usize,
    /// From a line's being printed to its being read here.
    pub(crate) delay: Percentiles,
}

/// Holds `streams` streams for `seconds`.
pub(crate) fn measure(streams: usize, seconds: u64) -> Result<Streams> {
    let server = Server::serve(&["--max-concurrent", &streams.to_string()])?;
    let together = Barrier::new(streams);
    let ends: Vec<Result<Vec<Duration>>> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..streams)
            .map(|_| scope.spawn(|| read(&server, &together, seconds)))
            .collect();
        readers
            .into_iter()
            .map(|reader| reader.join().expect("a reader does not panic"))
            .collect()
    });
    let expected = streams * usize::try_from(seconds)?;
    let mut delays = Vec::with_capacity(expected);
    for end in ends {
        match end {
            Ok(more) => delays.extend(more),
            Err(error) => eprintln!("a stream: {error:#}"),
        }
    }
    if delays.is_empty() {
        bail!("all of the {streams} streams broke off");
    }
    Ok(Streams {
        streams,
        seconds,
        lost: expected - delays.len(),
        delay: Percentiles::of(&delays),
    })
}

/// Reads one stream to its end: how late each line was.
fn read(server: &Server, together: &Barrier, seconds: u64) -> Result<Vec<Duration>> {
    let code = format!(
        "import time\nfor i in range({seconds}):\n    print(i, time.time_ns(), flush=True)\n    time.sleep(1)"
    );
    let request = json!({ "code": code, "timeout": seconds + 60 });
    together.wait();
    let body = server.stream(&server.agent(), &request)?;
    let (mut printed, mut delays) = (String::new(), Vec::new());
    for line in BufReader::new(body).lines() {
        let line = line?;
        let Some(event) = line.strip_prefix("data: ") else {
            continue;
        };
        let event: Value = serde_json::from_str(event)?;
        match event["event"].as_str() {
            Some("stdout") => printed += event["text"].as_str().unwrap_or_default(),
            Some("finished") if event["success"] == true => {
                let all = event["data"]["stdout"].as_str().unwrap_or_default();
                if all.lines().count() as u64 != seconds || !printed.is_empty() {
                    bail!("its end has other output than was told");
                }
                return Ok(delays);
            }
            Some("finished") => bail!("{}", event["answer"]),
            _ => {}
        }
        while let Some(end) = printed.find('\n') {
            let line: String = printed.drain(..=end).collect();
            let (number, printed_at) = line.trim().split_once(' ').context("half a line")?;
            if number.parse() != Ok(delays.len()) {
                bail!("line {number} came after {} others", delays.len());
            }
            let printed_at = Duration::from_nanos(printed_at.parse()?);
            let now = std::time::UNIX_EPOCH.elapsed()?;
            delays.push(now.saturating_sub(printed_at));
        }
    }
    bail!("it broke off after {} lines", delays.len())
}
