//! A run in the python service: its events as they happen. Dropping it cancels the run.

use api::SessionId;
use api::python::{RunEvent, RunRequest};
use futures::StreamExt as _;
use http::{Method, header};
use http_body_util::BodyDataStream;
use spin_sdk::http::body::IncomingBodyExt as _;
use spin_sdk::wasip3::http_compat::IncomingResponseBody;

use super::{Lines, PythonService, PythonServiceError, json_body, reason};

/// A run that the service has accepted: it waits in the queue, or is under way.
pub struct Run<'a> {
    service: PythonService<'a>,
    chunks: BodyDataStream<IncomingResponseBody>,
    lines: Lines,
}

impl<'a> PythonService<'a> {
    /// Asks for a run; answers when it is accepted or refused.
    pub async fn run(
        &self,
        session_id: &SessionId,
        request: &RunRequest,
    ) -> Result<Run<'a>, PythonServiceError> {
        let path = format!("/v1/sessions/{session_id}/run");
        let response = self
            .send(Method::POST, &path, json_body(request), |request| {
                // A host sends head and body apart, and one that leaves Nagle's algorithm on, as Spin does, keeps
                // the body until the head is acknowledged, 40 ms later. Asked to go on, the service answers at once.
                request
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::EXPECT, "100-continue")
            })
            .await?;
        let response = self.accepted(response).await?;
        Ok(Run {
            service: *self,
            chunks: response.into_body().stream(),
            lines: Lines::default(),
        })
    }
}

impl Run<'_> {
    /// The next event. There is always one, until `finished` has come.
    pub async fn next_event(&mut self) -> Result<RunEvent, PythonServiceError> {
        loop {
            let event = self
                .lines
                .next_event()
                .map_err(|bad| self.service.foreign(bad.to_string()))?;
            if let Some(event) = event {
                return Ok(event);
            }
            match self.chunks.next().await {
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
