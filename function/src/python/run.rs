//! A run in the python service: its events as they happen. Dropping it cancels the run.

use std::time::Duration;

use api::SessionKey;
use api::python::{Finished, RunEvent, RunRequest};
use futures::StreamExt as _;
use futures::future::{BoxFuture, Either, select};
use http::{HeaderMap, Method, header};
use http_body_util::BodyDataStream;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::wasip3::http_compat::IncomingResponseBody;

use super::{Lines, PythonService, PythonServiceError, json_body, path_of, reason};
use crate::trace::with_all;

/// How long a run may wait in the service's queue. There each place is freed within `python_executor_max_timeout`,
/// five minutes unless an operator changes it: whatever waits for hours waits for a service that is stuck.
const MAX_QUEUED: Duration = Duration::from_secs(4 * 3600);
/// What the service may take beyond a run's own time: to set it up, to stop it at its limit, and to list its files.
const GRACE: Duration = Duration::from_secs(15);

/// A run that the service has accepted: it waits in the queue, or is under way.
pub struct Run<'a> {
    service: PythonService<'a>,
    chunks: BodyDataStream<IncomingResponseBody>,
    lines: Lines,
    timeout: Duration,
    /// The service enforces the run's limits; this is for a service that does not.
    patience: Patience,
}

/// A time after which the service is given up, and how long it was.
struct Patience {
    limit: Duration,
    over: BoxFuture<'static, ()>,
}

impl Patience {
    fn new(limit: Duration) -> Self {
        Self {
            limit,
            over: Box::pin(spin_sdk::time::sleep(limit)),
        }
    }
}

impl<'a> PythonService<'a> {
    /// Asks for a run; answers when it is accepted or refused.
    pub async fn run(
        &self,
        session_id: &SessionKey,
        request: &RunRequest,
    ) -> Result<Run<'a>, PythonServiceError> {
        self.run_within(session_id, request, HeaderMap::new()).await
    }

    /// The same, told by headers whose trace it belongs to.
    pub async fn run_within(
        &self,
        session_id: &SessionKey,
        request: &RunRequest,
        trace: HeaderMap,
    ) -> Result<Run<'a>, PythonServiceError> {
        let path = format!("{}/run", path_of(session_id));
        let response = self
            .send(Method::POST, &path, json_body(request), |request| {
                // A host sends head and body apart, and one that leaves Nagle's algorithm on, as Spin does, keeps
                // the body until the head is acknowledged, 40 ms later. Asked to go on, the service answers at once.
                let request = request
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::EXPECT, "100-continue");
                with_all(request, trace)
            })
            .await?;
        let response = self.accepted(response).await?;
        Ok(Run {
            service: *self,
            chunks: response.into_body().stream(),
            lines: Lines::default(),
            timeout: Duration::from_millis(request.timeout_ms),
            patience: Patience::new(MAX_QUEUED),
        })
    }
}

impl PythonService<'_> {
    /// Runs a program of our own to its end, and gives what it printed and how it ended.
    pub async fn output(
        &self,
        session_id: &SessionKey,
        request: &RunRequest,
    ) -> Result<(String, Finished), PythonServiceError> {
        let mut run = self.run(session_id, request).await?;
        let mut output = String::new();
        loop {
            match run.next_event().await? {
                RunEvent::Stdout { text } => output.push_str(&text),
                RunEvent::Finished(finished) => return Ok((output, finished)),
                RunEvent::Started | RunEvent::Stderr { .. } | RunEvent::Result(_) => {}
            }
        }
    }
}

impl Run<'_> {
    /// The next event. There is always one, until `finished` has come; a service that lets a run wait too long,
    /// or a started one go on too long after its time, is given up.
    pub async fn next_event(&mut self) -> Result<RunEvent, PythonServiceError> {
        loop {
            let event = self
                .lines
                .next_event()
                .map_err(|bad| self.service.foreign(bad.to_string()))?;
            if let Some(event) = event {
                if event == RunEvent::Started {
                    self.patience = Patience::new(self.timeout + GRACE);
                }
                return Ok(event);
            }
            let chunk = match select(self.chunks.next(), &mut self.patience.over).await {
                Either::Left((chunk, _)) => chunk,
                Either::Right(((), _)) => {
                    let seconds = self.patience.limit.as_secs_f64();
                    return Err(self
                        .service
                        .silent(format!("after {seconds} s the run has not ended")));
                }
            };
            match chunk {
                Some(Ok(bytes)) => self.lines.push(&bytes),
                Some(Err(code)) => return Err(self.service.broke_off(reason(&code))),
                None => {
                    return Err(self
                        .service
                        .broke_off("the run's events end before its end".to_owned()));
                }
            }
        }
    }
}
