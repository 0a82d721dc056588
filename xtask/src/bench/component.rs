//! The python service as a Spin component, in the embedded host, beside the native one: the same calls, in turns.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::json;
use ureq::Agent;

use super::memory::private_bytes;
use super::statistics::Percentiles;
use super::turns::{TURN, take_turns};
use crate::server::Server;

/// What the component may take, of the native service's time.
pub(crate) const MAX_TIMES: f64 = 2.0;
/// Rows of the CSV file: 50 MB.
const ROWS: u32 = 1_600_000;
const SESSION: &str = "csv";

/// Both, for each kind of call.
pub(crate) struct Component {
    pub(crate) cases: Vec<(&'static str, Percentiles, Percentiles)>,
    /// An instance's private memory while it is held after `print('hi')`.
    pub(crate) megabytes: f64,
}

/// Measures `runs` calls of each kind with each; the CSV file, which takes a second, a tenth of it.
pub(crate) fn measure(runs: usize, instances: usize) -> Result<Component> {
    let native = Server::serve(&[])?;
    let component = Server::serve(&["--python", "component"])?;
    let agent = native.agent();
    for server in [&native, &component] {
        upload(server, &agent)?;
    }
    let kinds = [
        ("print", json!({ "code": "print('hi')" }), runs),
        (
            "pandas",
            json!({ "code": "import pandas as pd\nprint(pd.DataFrame({'a': [1, 2]}).sum())" }),
            runs,
        ),
        (
            "a CSV file of 50 MB, read by pandas",
            json!({
                "code": "import pandas as pd\nprint(len(pd.read_csv('big.csv')))",
                "session_id": SESSION, "timeout": 120,
            }),
            runs.div_ceil(10),
        ),
    ];
    let mut cases = Vec::new();
    for (name, request, runs) in kinds {
        let call = |server: &Server| -> Result<Duration> {
            let start = Instant::now();
            let answer = server.tool_call(&agent, &request)?;
            let time = start.elapsed();
            anyhow::ensure!(answer["success"] == true, "a call failed: {answer}");
            Ok(time)
        };
        let (first, second) = (|| call(&native), || call(&component));
        take_turns(TURN.min(runs), [&first, &second])?;
        let [native, component] = take_turns(runs, [&first, &second])?;
        cases.push((name, native, component));
    }
    let megabytes = held(instances)?;
    Ok(Component { cases, megabytes })
}

fn upload(server: &Server, agent: &Agent) -> Result<()> {
    let mut csv = String::from("id,x,name,y\n");
    for row in 0..ROWS {
        let x = f64::from(row) / 7.0;
        csv.push_str(&format!("{row},{x:.6},name{},{}\n", row % 100, row % 1000));
    }
    server
        .put(
            agent,
            &format!("/api/sessions/{SESSION}/files/big.csv"),
            csv.as_bytes(),
        )
        .context("can't upload the CSV file")
}

/// Holds instances at once, and divides what the process grew by.
fn held(instances: usize) -> Result<f64> {
    let server = Server::serve(&[
        "--python",
        "component",
        "--variable",
        "api_max_concurrent=0",
    ])?;
    let agent = server.agent();
    let code = "print('hi', flush=True)\nimport time\ntime.sleep(1000)";
    // There is room for four for each core.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let instances = instances.min(4 * cores);
    let hold = || server.hold_call(&agent, code);
    drop(hold()?);
    // What loading the component took is given back by then, and so is the first instance.
    std::thread::sleep(Duration::from_secs(3));
    let before = private_bytes(server.id())?;
    let held = (0..instances).map(|_| hold()).collect::<Result<Vec<_>>>()?;
    let after = private_bytes(server.id())?;
    drop(held);
    Ok((after as f64 - before as f64) / instances as f64 / f64::from(1 << 20))
}
