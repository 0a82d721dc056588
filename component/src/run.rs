//! `POST /v1/sessions/{id}/run`: one run, from its program to its last event.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use api::SessionKey;
use api::error::{ErrorBody, ErrorCode};
use api::python::{DEADLINE_HEADER, Finished, NDJSON, RunEvent, RunRequest};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use service::ending::{self, Refused};
use service::program;

use crate::calls;
use crate::catalogue::Catalogue;
use crate::changes::Changes;
use crate::files::{Numbers, Tree};
use crate::http::{Answer, Request, Sending};
use crate::interpreter;
use crate::routes::{self, LIBRARY, answered, no_such_session, workspace_path};
use crate::system::library::Library;
use crate::system::{Ended, Halt, Outside, System, time};
use crate::wasi::{self, KeyValue};
use crate::workspace::{Workspace, WorkspaceError};

/// A program with its limits, as JSON: a tool call's 10 MiB with every character escaped.
const MAX_BODY_BYTES: usize = 64 << 20;
const NANOSECONDS_A_MILLISECOND: i64 = 1_000_000;

/// Runs a program, and answers with its events as they happen.
pub(crate) fn run(request: &Request, session: &str, answer: Answer) -> Result<(), routes::Refused> {
    let prepared = prepare(request, session);
    answered(
        answer,
        prepared,
        |answer, (session, request, store, before)| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON));
            // A program that only computes is not stopped here.
            let deadline = HeaderName::from_static(DEADLINE_HEADER);
            headers.insert(deadline, HeaderValue::from_static("caller"));
            let sending = Rc::new(RefCell::new(answer.begin(StatusCode::OK, headers)));
            tell(&sending, &RunEvent::Started);
            let finished = perform(&session, &request, store, before, &sending);
            tell(&sending, &RunEvent::Finished(finished));
            if let Some(sending) = Rc::into_inner(sending) {
                sending.into_inner().end();
            }
            Ok(())
        },
    )
}

type Prepared = (SessionKey, RunRequest, Rc<KeyValue>, Option<Catalogue>);

/// Everything that may be wrong with a request is found here.
fn prepare(request: &Request, session: &str) -> Result<Prepared, ErrorBody> {
    let session = SessionKey::parse(session).map_err(routes::bad)?;
    let bad = |error: String| ErrorBody::new(ErrorCode::BadRequest, error);
    let body = request
        .body()
        .ok_or_else(|| bad("there is no body".to_owned()))?
        .read_all(MAX_BODY_BYTES)?;
    let request: RunRequest =
        serde_json::from_slice(&body).map_err(|error| bad(error.to_string()))?;
    if workspace_path(&request.script_name)?.as_str().contains('/') {
        let error = "`script_name` must be a file name, without folders";
        return Err(bad(error.to_owned()));
    }
    let store = KeyValue::open().map_err(|error| routes::failed(error.into()))?;
    let before = match request.scratch {
        true => None,
        false => Workspace::new(&store, &session, wasi::new_id)
            .read()
            .map_err(routes::failed)?,
    };
    if request.read_only && !request.scratch && before.is_none() {
        return Err(no_such_session(&session));
    }
    Ok((session, request, Rc::new(store), before))
}

fn tell(sending: &RefCell<Sending>, event: &RunEvent) -> bool {
    let mut line = serde_json::to_vec(event).expect("plain data serialises");
    line.push(b'\n');
    sending.borrow_mut().write(&line)
}

fn perform(
    session: &SessionKey,
    request: &RunRequest,
    store: Rc<KeyValue>,
    before: Option<Catalogue>,
    sending: &Rc<RefCell<Sending>>,
) -> Finished {
    let existed = before.is_some();
    let before = before.unwrap_or_default();
    let numbers = Numbers::default();
    let mut tree = Tree::of(&before, &numbers, time::now());
    let is_kept = !request.scratch && !request.read_only;
    match request.read_only && !request.scratch {
        true => tree.is_writable = false,
        // The script is written whatever the quota says: tracebacks need it. It counts all the same.
        false => tree.put(
            &request.script_name,
            request.code.as_bytes(),
            &numbers,
            time::now(),
        ),
    }
    let outside = Outside {
        tell: Box::new({
            let sending = Rc::clone(sending);
            move |event| tell(&sending, &event)
        }),
        load: Box::new({
            let (store, session) = (Rc::clone(&store), session.clone());
            move |file| {
                let workspace = Workspace::new(&*store, &session, wasi::new_id);
                workspace.read_file(file).ok()
            }
        }),
        random: wasi::random,
        library: Library {
            lib: Path::new(LIBRARY).join("lib"),
            mpl_data: Path::new(LIBRARY).join("mpl-data"),
        },
    };
    let system = System::new(request, tree, numbers, outside);
    let fits = interpreter::memory_bytes() <= request.memory_bytes;
    let Ended {
        elapsed,
        dropped: (stdout_bytes, stderr_bytes),
        mut door,
        halt,
        refused,
        workspace: tree,
    } = calls::with(system, || {
        // The interpreter alone may be larger than the limit.
        if fits {
            interpreter::limit_memory(request.memory_bytes);
            interpreter::turn(program::RENEW);
            calls::system(|system| system.begin(request));
            interpreter::turn(&program::turn(request));
        }
    })
    .end();
    let refused = Refused {
        memory: interpreter::was_refused_memory(),
        disk: refused.as_ref(),
    };
    let mut finished = match (halt, door.claim()) {
        _ if !fits => ending::out_of_memory(request),
        (Some(Halt::Exit(code)), _) => ending::exited(code),
        (Some(Halt::Gone), _) => ending::cancelled("the caller hung up"),
        (_, Some(claim)) => ending::claimed(request, claim, refused),
        (Some(Halt::Deadline), None) => ending::timeout(request.timeout_ms),
        (None, None) if refused.memory => ending::out_of_memory(request),
        (None, None) => ending::crashed("the program ended without a word from the interpreter"),
    };
    let changes = Changes::of(&before, &tree);
    let workspace = Workspace::new(&*store, session, wasi::new_id);
    let committed = match is_kept && !changes.is_empty() {
        true => changes.with_writes(|writes| {
            let now = time::now() / NANOSECONDS_A_MILLISECOND;
            workspace.commit(writes, existed, before.has_room_inside(), now)
        }),
        false => Ok(before),
    };
    let catalogue = match committed {
        Ok(catalogue) => catalogue,
        // Whoever deleted the session does not want what this run would leave there.
        Err(WorkspaceError::Deleted) => Catalogue::default(),
        Err(error) => {
            eprintln!("a run's files are lost: {error}");
            let said = format!("the program ran, and its files could not be kept: {error}");
            finished = ending::crashed(&said);
            Catalogue::default()
        }
    };
    finished.code_ms = elapsed.as_secs_f64() * 1000.0;
    finished.peak_memory_bytes = interpreter::memory_bytes();
    finished.truncated.stdout_bytes = stdout_bytes;
    finished.truncated.stderr_bytes = stderr_bytes;
    finished.truncated.results = door.dropped();
    finished.files = catalogue.list(|path| changes.has(path));
    finished
}
