//! The routes, as [`api::python`] describes them.

use std::path::Path;

use api::SessionKey;
use api::error::{ErrorBody, ErrorCode};
use api::files::FileList;
use api::python::{Health, ImageInfo};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use jiff::Timestamp;
use service::request::no_workspace;
use wasip2::http::types::{IncomingRequest, ResponseOutparam};

use crate::http::{Answer, Request};
use crate::wasi::{self, KeyValue};
use crate::workspace::{Workspace, WorkspaceError};
use crate::{run, transfer};

/// Where spin.toml puts what the image came with.
pub(crate) const LIBRARY: &str = "/python";

struct Component;

wasip2::http::proxy::export!(Component);

impl wasip2::exports::http::incoming_handler::Guest for Component {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        let (request, head) = Request::of(request);
        let answer = Answer::new(out, request.id());
        let outcome = match head {
            Ok(()) => route(&request, answer),
            Err(refused) => Err((answer, refused)),
        };
        if let Err((answer, refused)) = outcome {
            if refused.code == ErrorCode::Internal {
                eprintln!("{refused}");
            }
            answer.refuse(&refused);
        }
    }
}

/// What a handler gives back that did not answer.
pub(crate) type Refused = (Answer, ErrorBody);

fn route(request: &Request, answer: Answer) -> Result<(), Refused> {
    let segments: Vec<_> = request.segments.iter().map(String::as_str).collect();
    let method = &request.method;
    match &segments[..] {
        ["v1", "health"] => match *method {
            Method::GET => health(answer),
            _ => no_method(answer),
        },
        ["metrics"] => match *method {
            Method::GET => metrics(answer),
            _ => no_method(answer),
        },
        ["v1", "sessions", session] => match *method {
            Method::DELETE => delete_session(session, answer),
            _ => no_method(answer),
        },
        ["v1", "sessions", session, "run"] => match *method {
            Method::POST => run::run(request, session, answer),
            _ => no_method(answer),
        },
        ["v1", "sessions", session, "files"] => match *method {
            Method::GET => list(session, answer),
            _ => no_method(answer),
        },
        ["v1", "sessions", session, "files", path @ ..] => {
            let path = path.join("/");
            match *method {
                Method::GET | Method::HEAD => transfer::download(request, session, &path, answer),
                Method::PUT => transfer::upload(request, session, &path, answer),
                Method::DELETE => transfer::delete(session, &path, answer),
                _ => no_method(answer),
            }
        }
        _ => {
            let error = "the python service has no such route";
            Err((answer, ErrorBody::new(ErrorCode::NotFound, error)))
        }
    }
}

fn no_method(answer: Answer) -> Result<(), Refused> {
    let error = ErrorBody::new(ErrorCode::MethodNotAllowed, "this route has no such method");
    Err((answer, error))
}

/// Lets a handler fail with `?` before it has answered.
pub(crate) fn answered<T>(
    answer: Answer,
    result: Result<T, ErrorBody>,
    send: impl FnOnce(Answer, T) -> Result<(), Refused>,
) -> Result<(), Refused> {
    match result {
        Ok(value) => send(answer, value),
        Err(refused) => Err((answer, refused)),
    }
}

fn health(answer: Answer) -> Result<(), Refused> {
    let image = image();
    answered(answer, image, |answer, image| {
        answer.json(
            StatusCode::OK,
            &Health {
                status: "ok".to_owned(),
                // Each request has an instance of its own: no run goes down with another.
                started_at: Timestamp::UNIX_EPOCH,
                image,
                // How many run at once is the host's business.
                max_concurrent: 0,
                running: 0,
                queued: 0,
            },
        );
        Ok(())
    })
}

fn image() -> Result<ImageInfo, ErrorBody> {
    let path = Path::new(LIBRARY).join("image.json");
    let failed = |error: String| {
        let error = format!("can't read `{}`: {error}", path.display());
        ErrorBody::new(ErrorCode::Internal, error)
    };
    let json = std::fs::read(&path).map_err(|error| failed(error.to_string()))?;
    serde_json::from_slice(&json).map_err(|error| failed(error.to_string()))
}

/// Nothing outlives a request that could count them.
fn metrics(answer: Answer) -> Result<(), Refused> {
    let text = HeaderValue::from_static("text/plain; version=0.0.4");
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, text)]);
    answer.send(StatusCode::OK, headers, b"");
    Ok(())
}

fn list(session: &str, answer: Answer) -> Result<(), Refused> {
    let found = with_workspace(session, |workspace, session| {
        let catalogue = workspace.read().map_err(failed)?;
        catalogue.ok_or_else(|| no_workspace(session))
    });
    answered(answer, found, |answer, catalogue| {
        let files = catalogue.list(|_| false);
        let total_bytes = files.iter().map(|file| file.info.size).sum();
        answer.json(StatusCode::OK, &FileList { files, total_bytes });
        Ok(())
    })
}

fn delete_session(session: &str, answer: Answer) -> Result<(), Refused> {
    let deleted = with_workspace(session, |workspace, session| {
        match workspace.delete().map_err(failed)? {
            true => Ok(()),
            false => Err(no_workspace(session)),
        }
    });
    answered(answer, deleted, |answer, ()| {
        answer.nothing();
        Ok(())
    })
}

/// Opens a session's workspace, which need not exist.
pub(crate) fn with_workspace<T>(
    session: &str,
    act: impl FnOnce(&Workspace<'_, KeyValue>, &SessionKey) -> Result<T, ErrorBody>,
) -> Result<T, ErrorBody> {
    let session = SessionKey::parse(session)?;
    let store = KeyValue::open().map_err(|error| failed(error.into()))?;
    act(&Workspace::new(&store, &session, wasi::new_id), &session)
}

/// What went wrong with a workspace, for its caller.
pub(crate) fn failed(error: WorkspaceError) -> ErrorBody {
    let code = match error {
        WorkspaceError::Deleted => ErrorCode::Conflict,
        WorkspaceError::Contended => ErrorCode::Busy,
        WorkspaceError::Store(_) | WorkspaceError::Damaged(_) => ErrorCode::Internal,
    };
    ErrorBody::new(code, error.to_string())
}
