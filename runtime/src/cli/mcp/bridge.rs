//! Messages between standard input, a line each, and an endpoint of HTTP.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use api::sse::Events;
use axum::body::{Body, to_bytes};
use futures::StreamExt as _;
use http::{Response, StatusCode, header};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::task::{AbortHandle, JoinSet};

use super::endpoint::Endpoint;
use super::headers::Agreed;
use crate::cli::asked_to_stop;

/// How long requests may go on whose client will send no more.
const LAST_REQUESTS: Duration = Duration::from_secs(1);
/// A code of our own, for what went wrong on the way.
const NOT_SENT: i64 = -32000;
const PARSE_ERROR: i64 = -32700;

/// Whoever passes messages on.
pub(super) struct Bridge {
    endpoint: Arc<Endpoint>,
    agreed: Arc<Mutex<Agreed>>,
}

impl Bridge {
    pub(super) fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint: Arc::new(endpoint),
            agreed: Arc::default(),
        }
    }

    /// Passes messages on until there are no more.
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let mut lines = BufReader::new(tokio::io::stdin()).lines();
        let mut tasks = JoinSet::new();
        let mut requests: HashMap<String, AbortHandle> = HashMap::new();
        loop {
            let line = tokio::select! {
                line = lines.next_line() => line.context("can't read standard input")?,
                () = asked_to_stop() => return Ok(()),
            };
            let Some(line) = line else { break };
            if line.trim().is_empty() {
                continue;
            }
            let message = match serde_json::from_str::<Value>(&line) {
                Ok(message) => message,
                Err(error) => {
                    write(&failure(&Value::Null, PARSE_ERROR, &error.to_string()))?;
                    continue;
                }
            };
            if message["method"] == "notifications/cancelled" {
                // Hanging up says the same in every revision.
                let id = message["params"]["requestId"].to_string();
                requests.remove(&id).inspect(AbortHandle::abort);
                continue;
            }
            requests.retain(|_, request| !request.is_finished());
            let id = message.get("id").map(Value::to_string);
            let (endpoint, agreed) = (self.endpoint.clone(), self.agreed.clone());
            let request = tasks.spawn(async move { pass(&endpoint, &agreed, &message).await });
            requests.extend(id.map(|id| (id, request)));
        }
        let ends = async { while tasks.join_next().await.is_some() {} };
        // Who still waits for an answer, and will not hear it, is no reason to stay.
        let _ = tokio::time::timeout(LAST_REQUESTS, ends).await;
        Ok(())
    }
}

/// Passes a message on, and what it is answered with back.
async fn pass(endpoint: &Endpoint, agreed: &Mutex<Agreed>, message: &Value) {
    if let Err(error) = answered(endpoint, agreed, message).await {
        let error = format!("{error:#}");
        let written = match message.get("id") {
            Some(id) => write(&failure(id, NOT_SENT, &error)),
            None => Ok(()),
        };
        tracing::warn!("{error}");
        if let Err(error) = written {
            tracing::warn!("{error:#}");
        }
    }
}

async fn answered(
    endpoint: &Endpoint,
    agreed: &Mutex<Agreed>,
    message: &Value,
) -> anyhow::Result<()> {
    let request = {
        let agreed = agreed.lock().unwrap_or_else(PoisonError::into_inner);
        agreed
            .request(message)
            .body(Body::from(message.to_string()))?
    };
    let response = endpoint.send(request).await?;
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return events(response).await;
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await?;
    if parts.status == StatusCode::ACCEPTED {
        return Ok(());
    }
    let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
    if answer["jsonrpc"] != "2.0" {
        // Something on the way, or the guard: its words are in `error`.
        let why = answer["error"]
            .as_str()
            .unwrap_or("no answer of this protocol");
        anyhow::bail!("{}: {why}", parts.status);
    }
    if message["method"] == "initialize" {
        let said = Agreed::of(&parts.headers, &answer);
        *agreed.lock().unwrap_or_else(PoisonError::into_inner) = said;
    }
    write(&answer)
}

async fn events(response: Response<Body>) -> anyhow::Result<()> {
    let mut chunks = response.into_body().into_data_stream();
    let mut events = Events::default();
    while let Some(chunk) = chunks.next().await {
        for event in events.push(&chunk?) {
            write(&serde_json::from_str(&event.data)?)?;
        }
    }
    Ok(())
}

fn failure(id: &Value, code: i64, message: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}

/// A message is a line: JSON that is written anew has no other line breaks.
fn write(message: &Value) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{message}")
        .and_then(|()| stdout.flush())
        .context("can't write to standard output")
}
