//! What openinterpreter mode costs: code that works, beside native mode, and a repair, beside the model's own time.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::statistics::Percentiles;
use super::turns::{TURN, take_turns};
use crate::server::Server;

/// What was measured, in milliseconds.
pub(crate) struct Repair {
    /// A call of `print('hi')` in native mode.
    pub(crate) native: Percentiles,
    /// The same in openinterpreter mode.
    pub(crate) openinterpreter: Percentiles,
    /// A call that is repaired in attempt 2, less what the model and the programs took.
    pub(crate) between: Percentiles,
}

/// Measures `runs` calls of each kind.
pub(crate) fn measure(warm_up: usize, runs: usize) -> Result<Repair> {
    let model = TcpListener::bind("127.0.0.1:0")?;
    let llm_url = format!("llm_url=http://{}/v1", model.local_addr()?);
    std::thread::spawn(move || model.incoming().flatten().try_for_each(reply));
    let mode = "python_executor_mode=openinterpreter";
    let native = Server::serve(&[])?;
    let openinterpreter = Server::serve(&["--variable", mode, "--variable", &llm_url])?;
    let agents = [native.agent(), openinterpreter.agent()];
    let call = |server: &Server, agent| {
        let start = Instant::now();
        server.call(agent, "print('hi')")?;
        Ok(start.elapsed())
    };
    let in_native = || call(&native, &agents[0]);
    let in_openinterpreter = || call(&openinterpreter, &agents[1]);
    let measure = |runs| take_turns(runs, [&in_native, &in_openinterpreter]);
    // The first turn warms up.
    measure(TURN)?;
    let [in_native, in_openinterpreter] = measure(runs)?;
    let mut between = Vec::new();
    for run in 0..warm_up + runs {
        let answer = openinterpreter.tool_call(&agents[1], &json!({ "code": "print(hi)" }))?;
        let execution = openinterpreter.execution(&answer)?;
        if run >= warm_up {
            between
                .push(own_time(&execution).with_context(|| format!("not repaired: {execution}"))?);
        }
    }
    Ok(Repair {
        native: in_native,
        openinterpreter: in_openinterpreter,
        between: Percentiles::of(&between),
    })
}

/// An execution's time without what the model and the programs took.
fn own_time(execution: &Value) -> Option<std::time::Duration> {
    let attempts = execution["attempt_list"]
        .as_array()
        .filter(|all| all.len() == 2)?;
    let mut seconds = execution["execution_time"].as_f64()?;
    for attempt in attempts {
        seconds -= attempt["code_execution_time"].as_f64()?;
        let exchanges = attempt["exchanges"].as_array().into_iter().flatten();
        seconds -= exchanges
            .filter_map(|one| one["seconds"].as_f64())
            .sum::<f64>();
    }
    Some(std::time::Duration::from_secs_f64(seconds.max(0.0)))
}

/// A model server that knows one answer.
fn reply(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(&stream);
    let (mut length, mut chunked) = (0, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        chunked |= line.starts_with("transfer-encoding: chunked");
        if line.starts_with("expect: 100-continue") {
            (&stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
    }
    if chunked {
        let mut body = Vec::new();
        while !body.ends_with(b"0\r\n\r\n") {
            reader.read_until(b'\n', &mut body)?;
        }
    } else {
        reader.read_exact(&mut vec![0; length])?;
    }
    let answer = json!({
        "choices": [{ "message": { "content": "```python\nprint('hi')\n```\nDONE" } }],
        "usage": { "prompt_tokens": 1, "completion_tokens": 1 },
    });
    let answer = answer.to_string();
    write!(
        &stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    )
}
