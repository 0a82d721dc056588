//! What the other ways of calling the tool cost beside the plain call: a stream's first byte, and a call over MCP.

use std::io::Read as _;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde_json::{Value, json};
use ureq::Agent;

use super::statistics::Percentiles;
use super::turns::{TURN, take_turns};
use crate::server::Server;

const CODE: &str = "print('hi')";

/// `print('hi')`, called in each way.
pub(crate) struct Agents {
    /// The plain call, to its end.
    pub(crate) plain: Percentiles,
    /// A stream of events, to its first byte.
    pub(crate) first_byte: Percentiles,
    /// `tools/call` over MCP, to its end.
    pub(crate) mcp: Percentiles,
}

/// Measures `runs` calls of each kind, the kinds taking turns.
pub(crate) fn measure(runs: usize) -> Result<Agents> {
    let server = Server::serve(&[])?;
    let agent = server.agent();
    let plain = || plain(&server, &agent);
    let first_byte = || first_byte(&server, &agent);
    let mcp = || mcp(&server, &agent);
    let measure = |runs| take_turns(runs, [&plain, &first_byte, &mcp]);
    // The first turn warms up.
    measure(TURN)?;
    let [plain, first_byte, mcp] = measure(runs)?;
    Ok(Agents {
        plain,
        first_byte,
        mcp,
    })
}

fn plain(server: &Server, agent: &Agent) -> Result<Duration> {
    let start = Instant::now();
    server.call(agent, CODE)?;
    Ok(start.elapsed())
}

fn first_byte(server: &Server, agent: &Agent) -> Result<Duration> {
    let start = Instant::now();
    let mut body = server.stream(agent, &json!({ "code": CODE }))?;
    body.read_exact(&mut [0])?;
    let time = start.elapsed();
    // Read to its end, so that the connection is used again.
    std::io::copy(&mut body, &mut std::io::sink())?;
    Ok(time)
}

fn mcp(server: &Server, agent: &Agent) -> Result<Duration> {
    let request = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": { "name": "python_coder", "arguments": { "code": CODE } },
    });
    let start = Instant::now();
    let body = server
        .post(agent, "/mcp", "application/json", &request)?
        .body_mut()
        .read_to_string()?;
    let time = start.elapsed();
    let answer: Value = serde_json::from_str(&body)?;
    if answer["result"]["structuredContent"]["stdout"] != "hi\n" {
        bail!("a call over MCP failed: {body}");
    }
    Ok(time)
}
