//! `POST /api/tools/python_coder`: the tool call. With `Accept: text/event-stream` it is answered with what happens,
//! with `?background=true` as soon as it has begun.

use std::pin::pin;
use std::sync::Arc;

use api::error::ErrorCode;
use api::live::LiveEvent;
use axum::Extension;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::Deserialize;

use super::InForce;
use crate::call::{Call, MAX_REQUEST_BYTES};
use crate::clock::{Beginning, new_execution_id, new_session_id};
use crate::error::Refusal;
use crate::execution::{Done, Execution};
use crate::executor::{PythonExecutor, get_python_executor};
use crate::extract::Words;
use crate::live::{Listener, Wanted};
use crate::patience::{self, Events, Wire, plain};
use crate::request;
use crate::settings::Settings;
use crate::spawned::start_spawned;
use crate::tenant::Tenant;
use crate::trace::{Parent, collector};

/// The route.
pub const PATH: &str = "/api/tools/python_coder";

/// `?background=`.
#[derive(Deserialize)]
pub(super) struct Options {
    #[serde(default)]
    background: bool,
}

pub(super) async fn call(
    Extension(settings): InForce,
    tenant: Tenant,
    options: Result<Words<Options>, Refusal>,
    wanted: Wanted,
    parent: Parent,
    body: Body,
) -> Response {
    let beginning = Beginning::now();
    let understood = async {
        let Words(options) = options?;
        let call = understand(&settings, &tenant, body).await?;
        Ok((call.within(parent), options))
    };
    let (call, options) = match understood.await {
        Ok(understood) => understood,
        Err(refusal) => return refuse(&refusal),
    };
    let wanted = match options.background {
        true => Wanted::Receipt,
        false => wanted,
    };
    answer(wanted, |caller| execute(settings, call, beginning, caller)).await
}

/// Executes a call in the mode in force, from its record to its end.
pub(super) async fn execute(
    settings: Arc<Settings>,
    call: Call,
    beginning: Beginning,
    mut caller: Caller,
) {
    let executor = get_python_executor(&settings);
    match Execution::begin(&settings, &call, beginning, caller.listener()).await {
        Ok(execution) => see_through(&execution, executor.as_ref(), caller).await,
        Err(refusal) => caller.refuse(&refusal),
    }
}

/// Executes a call beside whoever asks for it, and gives what it tells and what it comes to.
pub async fn underway(settings: Arc<Settings>, call: Call, beginning: Beginning) -> Underway {
    let (listener, events) = mpsc::unbounded();
    let work = |caller| execute(settings, call, beginning, caller);
    // Whoever takes a refusal like any other answer need not know that there will be none.
    let (outcome, _) = begin(Some(listener), work).await;
    Underway { outcome, events }
}

/// An execution under way. Dropping the outcome's receiver cancels it.
pub struct Underway {
    /// What it comes to.
    pub outcome: oneshot::Receiver<Done>,
    /// What it tells.
    pub events: mpsc::UnboundedReceiver<LiveEvent>,
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
        // Whoever hung up in the last moment has it in the history.
        let _ = self.outcome.send(Done::without_run(refusal));
    }
}

/// Answers with what the work comes to, which goes on beside the answer.
pub(super) async fn answer<F: Future<Output = ()> + 'static>(
    wanted: Wanted,
    work: impl FnOnce(Caller) -> F,
) -> Response {
    match wanted {
        Wanted::Outcome => {
            let (outcome, accepted) = begin(None, work).await;
            patience::answer(outcome, accepted).await
        }
        Wanted::Events => stream(Events::default(), work).await.unwrap_or_else(plain),
        Wanted::Receipt => {
            let (listener, events) = mpsc::unbounded();
            let (outcome, accepted) = begin(Some(listener), work).await;
            patience::receipt(outcome, accepted, events).await
        }
    }
}

/// The same, told as it happens; what is refused before anything runs is for the caller to answer.
pub(super) async fn stream<F: Future<Output = ()> + 'static>(
    wire: impl Wire,
    work: impl FnOnce(Caller) -> F,
) -> Result<Response, Done> {
    let (listener, events) = mpsc::unbounded();
    let (outcome, accepted) = begin(Some(listener), work).await;
    patience::stream(wire, outcome, accepted, events).await
}

async fn begin<F: Future<Output = ()> + 'static>(
    listener: Option<Listener>,
    work: impl FnOnce(Caller) -> F,
) -> (oneshot::Receiver<Done>, oneshot::Receiver<()>) {
    let (outcome_sender, outcome) = oneshot::channel();
    let (accepted_sender, accepted) = oneshot::channel();
    let caller = Caller {
        outcome: outcome_sender,
        accepted: accepted_sender,
        listener,
    };
    spin_sdk::wasip3::spawn(request::carry_on(work(caller)));
    start_spawned().await;
    (outcome, accepted)
}

/// A refusal in the shape of the tool's responses.
pub fn refuse(refusal: &Refusal) -> Response {
    let mut response = plain(Done::without_run(refusal));
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
pub async fn whole(body: Body) -> Result<Bytes, Refusal> {
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
    let done = match executed {
        Some(Some(executed)) => Some(execution.end(executed).await),
        Some(None) => Some(execution.cancelled().await),
        None => {
            execution.hung_up().await;
            None
        }
    };
    if let Some(done) = done {
        // Whoever hung up in the last moment has it in the history.
        let _ = outcome.send(done);
    }
    execution.note_workspace().await;
    collector::send(execution.settings()).await;
}
