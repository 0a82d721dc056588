//! A run in the python service: its events as they happen. Dropping it cancels the run.

use std::time::Duration;

use api::error::ErrorCode;
use api::python::{DEADLINE_HEADER, DEADLINE_OF_CALLER, Finished, Outcome, RunEvent, RunRequest};
use api::{SessionKey, WorkspacePath};
use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::{BoxFuture, Either, select};
use http::{HeaderMap, Method, header};
use http_body_util::BodyDataStream;
use service::ending;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::wasip3::http_compat::IncomingResponseBody;

use super::{Lines, PythonService, PythonServiceError, json_body, path_of, reason};
use crate::trace::with_all;

/// How long a run may wait in the service's queue. There each place is freed within `python_executor_max_timeout`,
/// five minutes unless an operator changes it: whatever waits for hours waits for a service that is stuck.
const MAX_QUEUED: Duration = Duration::from_secs(4 * 3600);
/// What the service may take beyond a run's own time: to set it up, to stop it at its limit, and to list its files.
const GRACE: Duration = Duration::from_secs(15);
/// The same where it leaves the deadline to us, for a program that it can stop after all, as nearly every one.
const GRACE_OF_OURS: Duration = Duration::from_millis(250);

/// A run that the service has accepted: it waits in the queue, or is under way.
pub struct Run<'a> {
    service: PythonService<'a>,
    session_id: SessionKey,
    /// Closed when it is given up: that ends the run.
    chunks: Option<BodyDataStream<IncomingResponseBody>>,
    lines: Lines,
    timeout_ms: u64,
    /// Where the program is kept, and the program; nothing where it is not.
    script: Option<(WorkspacePath, Bytes)>,
    deadline: Deadline,
    has_started: bool,
    /// The service enforces the run's limits; this is for a service that does not.
    patience: Patience,
}

/// Who ends a program whose time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deadline {
    /// The service.
    Service,
    /// We do, and tell its end in the service's place.
    Caller,
}

impl Deadline {
    fn of(headers: &HeaderMap) -> Self {
        match headers.get(DEADLINE_HEADER) {
            Some(whose) if whose == DEADLINE_OF_CALLER => Self::Caller,
            _ => Self::Service,
        }
    }

    fn grace(self) -> Duration {
        match self {
            Self::Service => GRACE,
            Self::Caller => GRACE_OF_OURS,
        }
    }
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
            session_id: session_id.clone(),
            deadline: Deadline::of(response.headers()),
            chunks: Some(response.into_body().stream()),
            lines: Lines::default(),
            timeout_ms: request.timeout_ms,
            script: script(request),
            has_started: false,
            patience: Patience::new(MAX_QUEUED),
        })
    }
}

fn script(request: &RunRequest) -> Option<(WorkspacePath, Bytes)> {
    let path = WorkspacePath::parse(&request.script_name).ok()?;
    let is_kept = !request.scratch && !request.read_only;
    is_kept.then(|| (path, Bytes::from(request.code.clone())))
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
                    self.has_started = true;
                    let timeout = Duration::from_millis(self.timeout_ms);
                    self.patience = Patience::new(timeout + self.deadline.grace());
                }
                return Ok(event);
            }
            let Some(chunks) = &mut self.chunks else {
                return Err(self.broke_off_after_its_end());
            };
            let next = match select(chunks.next(), &mut self.patience.over).await {
                Either::Left((next, _)) => Some(next),
                Either::Right(((), _)) => None,
            };
            let problem = match next {
                Some(Some(Ok(bytes))) => {
                    self.lines.push(&bytes);
                    continue;
                }
                None if self.ends_it() => {
                    return self.ended(ending::timeout(self.timeout_ms)).await;
                }
                // An interpreter that came down took the instance with it.
                Some(_) if self.ends_it() => {
                    return self.ended(ending::crashed("the interpreter crashed")).await;
                }
                Some(Some(Err(code))) => self.service.broke_off(reason(&code)),
                Some(None) => self.broke_off_after_its_end(),
                None => {
                    let seconds = self.patience.limit.as_secs_f64();
                    let what = format!("after {seconds} s the run has not ended");
                    self.service.silent(what)
                }
            };
            return Err(problem);
        }
    }

    /// Whether it is us who tell how a program ended that the service could not end itself.
    fn ends_it(&self) -> bool {
        self.has_started && self.deadline == Deadline::Caller
    }

    /// Closes the connection, and tells the end with the files that there are. The program is one of them, as after any
    /// run: who kept it for this one is gone with what was not kept yet.
    async fn ended(&mut self, finished: Finished) -> Result<RunEvent, PythonServiceError> {
        self.chunks = None;
        if let Some((path, code)) = self.script.take() {
            let body = Body::from(code);
            let put = self
                .service
                .file(Method::PUT, &self.session_id, &path, body, |request| {
                    request
                });
            self.service.accepted(put.await?).await?;
        }
        let files = match self.service.files(&self.session_id).await {
            Ok(list) => list.files,
            // Nothing was ever kept of the session.
            Err(PythonServiceError::Refused { body, .. }) if body.code == ErrorCode::NotFound => {
                Vec::new()
            }
            Err(error) => return Err(error),
        };
        let code_ms = match finished.outcome {
            Outcome::Timeout => self.timeout_ms as f64,
            _ => 0.0,
        };
        Ok(RunEvent::Finished(Finished {
            files,
            code_ms,
            ..finished
        }))
    }

    fn broke_off_after_its_end(&self) -> PythonServiceError {
        let what = "the run's events end before its end";
        self.service.broke_off(what.to_owned())
    }
}
