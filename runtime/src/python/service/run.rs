//! `POST /v1/sessions/{id}/run`.

use std::sync::Arc;
use std::time::Instant;

use api::SessionKey;
use api::error::{ErrorBody, ErrorCode};
use api::python::{Finished, NDJSON, RunEvent, RunRequest};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::stream;
use service::ending;
use tempfile::TempDir;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::error::Refusal;
use super::files::open;
use super::request::{carry_on, carry_over, note_end};
use super::{Activity, Service, tmp_folder};
use crate::python::queue::Ticket;
use crate::python::sandbox::{Outbox, Remains, SandboxError};
use crate::python::trace::Span;
use crate::python::workspace::Workspace;

/// Starts a run, and answers with its events as they happen.
pub(super) async fn run(
    State(service): State<Service>,
    UrlPath(session): UrlPath<String>,
    headers: HeaderMap,
    request: Result<Json<RunRequest>, JsonRejection>,
) -> Response {
    let span = Arc::new(Span::of_request(&headers, &session));
    let response = start(service, session, request, span.clone()).into_response();
    span.answered(response.status());
    response
}

fn start(
    service: Service,
    session: String,
    request: Result<Json<RunRequest>, JsonRejection>,
    span: Arc<Span>,
) -> Result<Response, Refusal> {
    let session = SessionKey::parse(&session)?;
    let Json(request) = request.map_err(|e| Refusal::new(ErrorCode::BadRequest, e.body_text()))?;
    service::request::check_run(&request)?;
    let opened = (request.read_only && !request.scratch)
        .then(|| open(&service, session.as_str()))
        .transpose()?;
    let ticket = service.shared.queue.enter().map_err(|_| {
        service.shared.metrics.turned_away();
        ErrorBody::new(
            ErrorCode::Busy,
            "as many programs are running and waiting as this service takes",
        )
        .hint("try again after the seconds in `Retry-After`, or raise `--max-concurrent`")
    })?;

    let outbox = Arc::new(Outbox::default());
    let cancel = service.shared.shutdown.child_token();
    let hang_up = cancel.clone().drop_guard();
    let activity = (!request.scratch && !request.read_only).then(|| service.activity(&session));
    let run = Run {
        service,
        session,
        request,
        opened,
        outbox: outbox.clone(),
        cancel,
        ticket,
        activity,
        span,
    };
    tokio::spawn(carry_on(perform(run)));
    let body = Body::from_stream(stream::unfold(Some((outbox, hang_up)), next_lines));
    Ok(([(header::CONTENT_TYPE, NDJSON)], body).into_response())
}

/// The events that wait, as lines. When the caller hangs up, the stream is dropped and the guard with
/// it, and that cancels the run.
async fn next_lines(
    state: Option<(Arc<Outbox>, DropGuard)>,
) -> Option<(
    Result<Bytes, std::convert::Infallible>,
    Option<(Arc<Outbox>, DropGuard)>,
)> {
    let (outbox, hang_up) = state?;
    let events = outbox.take().await;
    let ended = matches!(events.back(), Some(RunEvent::Finished(_)));
    let mut lines = Vec::new();
    for event in &events {
        serde_json::to_writer(&mut lines, event).expect("plain data serialises");
        lines.push(b'\n');
    }
    Some((Ok(lines.into()), (!ended).then_some((outbox, hang_up))))
}

/// A run from the queue to its end.
struct Run {
    service: Service,
    session: SessionKey,
    request: RunRequest,
    /// The workspace of a run that changes nothing; any other makes its own.
    opened: Option<Workspace>,
    outbox: Arc<Outbox>,
    cancel: CancellationToken,
    ticket: Ticket,
    /// Nothing where the session's workspace is left alone.
    activity: Option<Activity>,
    span: Arc<Span>,
}

/// Tells the end of a run, and counts it before anybody hears of it.
fn tell_end(service: &Service, outbox: &Outbox, finished: Finished) {
    service.shared.metrics.ended(&finished);
    note_end(finished.outcome.as_str());
    outbox.push(RunEvent::Finished(finished));
}

async fn perform(run: Run) {
    let entered = Instant::now();
    let waiting = run.span.child("queue");
    let place = tokio::select! {
        place = run.ticket.place() => place,
        () = run.cancel.cancelled() => {
            waiting.cancelled();
            let finished = ending::cancelled("cancelled while it waited for its turn");
            return tell_end(&run.service, &run.outbox, finished);
        }
    };
    waiting.end();
    run.service.shared.metrics.waited(entered.elapsed());
    run.outbox.push(RunEvent::Started);
    let (service, outbox, session) = (run.service.clone(), run.outbox.clone(), run.session.clone());
    let work = carry_over(move || {
        let running = run.span.child("run");
        let (finished, remains) = execute(&run);
        running.ran(&finished);
        running.end();
        // The session is idle before the caller hears of the end. The place is free a moment later,
        // when the instance is gone, so that there are never more instances than places.
        let Run {
            service,
            outbox,
            ticket,
            activity,
            span,
            ..
        } = run;
        span.end();
        drop((ticket, activity));
        tell_end(&service, &outbox, finished);
        drop(remains);
        drop(place);
        // While nobody waits, or beside those who do, an instance is made for a run to come.
        if let Err(error) = service.shared.sandbox.stock() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "no instance could be made for the next run"
            );
        }
    });
    if let Err(panic) = tokio::task::spawn_blocking(work).await {
        tracing::error!(session = session.as_str(), %panic, "a run panicked");
        let said = "the python service failed; its log says more";
        tell_end(&service, &outbox, ending::crashed(said));
    }
}

/// What is left of a run to clear away: the instance, and the folders that were its own.
type Leftovers = (Remains, Vec<TempDir>);

/// Runs the program.
fn execute(run: &Run) -> (Finished, Option<Leftovers>) {
    let shared = &run.service.shared;
    let attempt = || -> Result<_, SandboxError> {
        let tmp = tmp_folder(&shared.tmp)?;
        let mut own_folders = Vec::new();
        let made;
        let workspace = if let Some(opened) = &run.opened {
            opened
        } else if run.request.scratch {
            let folder = tmp_folder(&shared.tmp)?;
            made = Workspace::at(folder.path().to_owned())?;
            own_folders.push(folder);
            &made
        } else {
            made = Workspace::open_or_create(&shared.scratch, &run.session)?;
            &made
        };
        let (finished, remains) = shared.sandbox.run(
            &run.request,
            workspace,
            tmp.path(),
            &run.outbox,
            &run.cancel,
        )?;
        own_folders.push(tmp);
        Ok((finished, Some((remains, own_folders))))
    };
    match attempt() {
        Ok(ended) => ended,
        Err(error) => {
            tracing::error!(
                session = run.session.as_str(),
                error = &error as &dyn std::error::Error,
                "a run could not be started"
            );
            (
                ending::crashed("the python service could not run the program; its log says more"),
                None,
            )
        }
    }
}
