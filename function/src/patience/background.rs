//! Answering that an execution has begun, to a caller who will ask for the rest.

use std::pin::pin;

use api::history::Status;
use api::live::LiveEvent;
use api::tool::Receipt;
use axum::Json;
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use futures::channel::{mpsc, oneshot};
use futures::future::{Either, select};
use http::{StatusCode, header};
use spin_sdk::time::sleep;

use super::{BEAT, lost, plain};
use crate::execution::Done;

/// Answers with the ids of an execution once it is recorded, unless it is refused within a moment. It goes on
/// whether or not anybody asks for it.
pub async fn receipt(
    mut outcome: oneshot::Receiver<Done>,
    accepted: oneshot::Receiver<()>,
    mut events: mpsc::UnboundedReceiver<LiveEvent>,
) -> Response {
    let Some(LiveEvent::Started {
        execution_id,
        session_id,
        ..
    }) = events.next().await
    else {
        return plain(outcome.await.unwrap_or_else(|_| lost()));
    };
    drop(events);
    let refused = {
        let moment = pin!(sleep(BEAT));
        match select(&mut outcome, select(accepted, moment)).await {
            Either::Left((done, _)) => done.ok(),
            // It never will be accepted: the refusal is on its way.
            Either::Right((Either::Left((Err(_), _)), outcome)) => outcome.await.ok(),
            Either::Right(_) => None,
        }
    };
    if let Some(done) = refused.filter(|done| done.response.metadata.code.is_some()) {
        return plain(done);
    }
    // As long as somebody waits for it, it is not cancelled.
    spin_sdk::wasip3::spawn(async {
        let _ = outcome.await;
    });
    let location = format!("/api/executions/{execution_id}");
    let receipt = Receipt {
        execution_id,
        session_id,
        status: Status::Running,
    };
    let headers = [(header::LOCATION, location)];
    (StatusCode::ACCEPTED, headers, Json(receipt)).into_response()
}
