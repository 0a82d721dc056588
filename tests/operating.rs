//! What an operator sees of a server that runs: ids of requests, logs, and metrics.

mod logs;
mod metrics;
mod request_id;

use serde_json::Value;

use crate::harness::{Server, until};

/// The lines of a log that are about a request, once there are so many.
#[track_caller]
fn lines(server: &Server, log: &str, request_id: &str, how_many: usize) -> Vec<Value> {
    let path = server.data_file(&format!("logs/{log}.log"));
    let (lines, _) = until("the log's lines", || {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .filter(|line: &Value| line["request_id"] == request_id)
            .collect();
        (lines.len() >= how_many).then_some(lines)
    });
    assert_eq!(lines.len(), how_many, "{lines:?}");
    lines
}
