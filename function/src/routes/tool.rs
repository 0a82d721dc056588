//! `POST /api/tools/python_coder`: the tool call. With `Accept: text/event-stream` it is answered with what happens.

use std::pin::pin;

use api::error::ErrorCode;
use axum::Extension;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use super::InForce;
use crate::call::{Call, MAX_REQUEST_BYTES};
use crate::clock::{Beginning, new_execution_id, new_session_id};
use crate::error::Refusal;
use crate::execution::{Done, Execution};
use crate::executor::{PythonExecutor, get_python_executor};
use crate::live::{Listener, Wanted};
use crate::patience;
use crate::settings::Settings;
use crate::spawned::start_spawned;
use crate::tenant::Tenant;

/// The route.
pub const PATH: &str = "/api/tools/python_coder";

pub(super) async fn call(
    Extension(settings): InForce,
    tenant: Tenant,
    wanted: Wanted,
    body: Body,
) -> Response {
    let beginning = Beginning::now();
    let call = match understand(&settings, &tenant, body).await {
        Ok(call) => call,
        Err(refusal) => return refuse(&refusal),
    };
    answer(wanted, move |mut caller| async move {
        let executor = get_python_executor(&settings);
        match Execution::begin(&settings, &call, beginning, caller.listener()).await {
            Ok(execution) => see_through(&execution, executor.as_ref(), caller).await,
            Err(refusal) => caller.refuse(&refusal),
        }
    })
    .await
}

/// Whoever waits for an execution's end.
pub(super) struct Caller {
    outcome: oneshot::Sender<Done>,
    accepted: oneshot::Sender<()>,
    listener: Option<Listener>,
}

impl Caller {
    /// The one to tell what happens, if the caller wants to hear it.
    pub(super) fn listener(&mut self) -> Option<Listener> {
        self.listener.take()
    }

    pub(super) fn refuse(self, refusal: &Refusal) {
        let response = refusal.tool_response();
        let retry_after = refusal.retry_after();
        // Whoever hung up in the last moment has it in the history.
        let _ = self.outcome.send(Done {
            response,
            retry_after,
        });
    }
}

/// Answers with what the work comes to, which goes on beside the answer.
pub(super) async fn answer<F: Future<Output = ()> + 'static>(
    wanted: Wanted,
    work: impl FnOnce(Caller) -> F,
) -> Response {
    let (outcome_sender, outcome) = oneshot::channel();
    let (accepted_sender, accepted) = oneshot::channel();
    let (listener, events) = wanted.0.then(mpsc::unbounded).unzip();
    spin_sdk::wasip3::spawn(work(Caller {
        outcome: outcome_sender,
        accepted: accepted_sender,
        listener,
    }));
    start_spawned().await;
    match events {
        Some(events) => patience::stream(outcome, accepted, events).await,
        None => patience::answer(outcome, accepted).await,
    }
}

/// A refusal in the shape of the tool's responses.
pub fn refuse(refusal: &Refusal) -> Response {
    let mut response = patience::plain(Done {
        response: refusal.tool_response(),
        retry_after: refusal.retry_after(),
    });
    if let Some((name, value)) = refusal.header.clone() {
        response.headers_mut().insert(name, value);
    }
    response
}

async fn understand(settings: &Settings, tenant: &Tenant, body: Body) -> Result<Call, Refusal> {
    let body = whole(body).await?;
    Ok(Call::parse(
        &body,
        settings,
        tenant,
        new_execution_id,
        new_session_id,
    )?)
}

/// A body that is not larger than a tool call may be.
pub(super) async fn whole(body: Body) -> Result<Bytes, Refusal> {
    match Limited::new(body, MAX_REQUEST_BYTES).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::new(
            ErrorCode::TooLarge,
            format!("the body is larger than {} MiB", MAX_REQUEST_BYTES >> 20),
        )
        .hint("upload data with PUT /api/sessions/{id}/files/{path}, and read it in the code")),
        Err(error) => Err(Refusal::new(
            ErrorCode::BadRequest,
            format!("the body did not arrive whole: {error}"),
        )),
    }
}

/// Sees an execution to its end, or to the moment when nobody waits for it any more.
pub(super) async fn see_through(
    execution: &Execution<'_>,
    executor: &dyn PythonExecutor,
    caller: Caller,
) {
    let Caller {
        mut outcome,
        accepted,
        ..
    } = caller;
    let work = Box::pin(execution.work(executor, accepted));
    let executed = match select(work, pin!(outcome.cancellation())).await {
        Either::Left((executed, _)) => Some(executed),
        Either::Right(((), work)) => {
            // The run goes with it, before its end is written down.
            drop(work);
            None
        }
    };
    let Some(executed) = executed else {
        execution.cancel().await;
        return execution.note_workspace().await;
    };
    // Whoever hung up in the last moment has it in the history.
    let _ = outcome.send(execution.end(executed).await);
    execution.note_workspace().await;
}
