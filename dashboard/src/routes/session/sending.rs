//! Sending a file, told how far it is. `fetch` can't tell that, and would need the whole file in memory first.

use std::cell::RefCell;
use std::rc::Rc;

use api::client::ClientError;
use api::error::ErrorBody;
use futures::channel::oneshot;
use leptos::web_sys;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{File, ProgressEvent, XmlHttpRequest};

use crate::connection::Connection;

const NO_ANSWER: &str =
    "the connection broke off: the server is gone, or did not want a file of this size";

/// Puts a file at an address; an error is for people.
pub(super) async fn send(
    connection: Connection,
    url: &str,
    file: &File,
    progress: impl Fn(f64) + 'static,
) -> Result<(), String> {
    let unable = |_| "this browser does not send files".to_owned();
    let request = XmlHttpRequest::new().map_err(unable)?;
    request.open("PUT", url).map_err(unable)?;
    if let Some(token) = connection.token_now() {
        let token = format!("Bearer {token}");
        request
            .set_request_header("authorization", &token)
            .map_err(unable)?;
    }
    let told = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.total() > 0.0 {
            progress(event.loaded() / event.total());
        }
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(told.as_ref().unchecked_ref()));
    }
    let (done, ended) = oneshot::channel::<()>();
    let done = Rc::new(RefCell::new(Some(done)));
    let end = Closure::<dyn Fn()>::new(move || {
        if let Some(done) = done.borrow_mut().take() {
            // Whoever waits is below.
            let _ = done.send(());
        }
    });
    request.set_onloadend(Some(end.as_ref().unchecked_ref()));
    request.send_with_opt_blob(Some(file)).map_err(unable)?;
    let _ = ended.await;
    match request.status().unwrap_or(0) {
        200..300 => Ok(()),
        0 => Err(NO_ANSWER.to_owned()),
        status => Err(refused(connection, status, &request)),
    }
}

fn refused(connection: Connection, status: u16, request: &XmlHttpRequest) -> String {
    let text = request.response_text().ok().flatten().unwrap_or_default();
    let Ok(body) = serde_json::from_str::<ErrorBody>(&text) else {
        return format!("refused with status {status}");
    };
    let problem = connection.problem(&ClientError::Refused { status, body });
    match problem.hint {
        Some(hint) => format!("{}: {hint}", problem.what),
        None => problem.what,
    }
}
