//! `POST /v1/sessions/{id}/run`: one run, from its program to its last event.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use api::SessionKey;
use api::error::ErrorBody;
use api::python::{DEADLINE_HEADER, DEADLINE_OF_CALLER, Finished, NDJSON, RunEvent, RunRequest};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use service::ending::{self, Refused};
use service::program;
use service::request::{MAX_RUN_BODY_BYTES, bad, check_run, no_workspace};

use crate::calls;
use crate::catalogue::Catalogue;
use crate::changes::Changes;
use crate::files::{Numbers, Tree};
use crate::http::{Answer, Request, Sending};
use crate::interpreter;
use crate::routes::{self, LIBRARY, answered};
use crate::system::library::Library;
use crate::system::{Ended, Halt, Outside, System, time};
use crate::wasi::{self, KeyValue};
use crate::workspace::{Workspace, WorkspaceError};

/// Runs a program, and answers with its events as they happen.
pub(crate) fn run(request: &Request, session: &str, answer: Answer) -> Result<(), routes::Refused> {
    let prepared = prepare(request, session);
    answered(
        answer,
        prepared,
        |answer, (session, request, store, before)| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(NDJSON));
            // A program that calls nothing for long, not even a function of the interpreter's, is not stopped here.
            let deadline = HeaderName::from_static(DEADLINE_HEADER);
            headers.insert(deadline, HeaderValue::from_static(DEADLINE_OF_CALLER));
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
    let session = SessionKey::parse(session)?;
    let body = request
        .body()
        .ok_or_else(|| bad("there is no body"))?
        .read_all(MAX_RUN_BODY_BYTES)?;
    let request: RunRequest =
        serde_json::from_slice(&body).map_err(|error| bad(error.to_string()))?;
    check_run(&request)?;
    let store = KeyValue::open().map_err(|error| routes::failed(error.into()))?;
    let before = match request.scratch {
        true => None,
        false => Workspace::new(&store, &session, wasi::new_id)
            .read()
            .map_err(routes::failed)?,
    };
    if request.read_only && !request.scratch && before.is_none() {
        return Err(no_workspace(&session));
    }
    Ok((session, request, Rc::new(store), before))
}

fn tell(sending: &RefCell<Sending>, event: &RunEvent) -> bool {
    let mut line = serde_json::to_vec(event).expect("plain data serialises");
    line.push(b'\n');
    sending.borrow_mut().write(&line)
}

/// Where a run's files are kept.
struct Keeper {
    store: Rc<KeyValue>,
    session: SessionKey,
    /// What the run's files were when they were kept last: what it changes is told by this.
    before: Catalogue,
    /// What is kept: that, and what others wrote meanwhile.
    catalogue: Catalogue,
    /// Whether there is a workspace.
    exists: bool,
    /// Every path that the run made, wrote or removed.
    changed: BTreeSet<String>,
    /// Whether anything is kept at all.
    is_wanted: bool,
}

impl Keeper {
    /// Keeps the files as they are now, and knows of them that they are kept.
    fn keep(&mut self, tree: &Tree) -> Result<(), WorkspaceError> {
        let changes = Changes::of(&self.before, tree);
        if !self.is_wanted || changes.is_empty() {
            return Ok(());
        }
        let workspace = Workspace::new(&*self.store, &self.session, wasi::new_id);
        let now = time::now_ms();
        let has_room = self.catalogue.has_room_inside();
        self.catalogue =
            changes.with_writes(|writes| workspace.commit(writes, self.exists, has_room, now))?;
        self.exists = true;
        changes.note_kept(&mut self.before, &self.catalogue);
        self.changed.extend(changes.paths().map(str::to_owned));
        Ok(())
    }
}

fn perform(
    session: &SessionKey,
    request: &RunRequest,
    store: Rc<KeyValue>,
    before: Option<Catalogue>,
    sending: &Rc<RefCell<Sending>>,
) -> Finished {
    let exists = before.is_some();
    let before = before.unwrap_or_default();
    let numbers = Numbers::default();
    let mut tree = Tree::of(&before, &numbers, time::now());
    let is_read_only = request.read_only && !request.scratch;
    match is_read_only {
        true => tree.is_writable = false,
        // The script is written whatever the quota says: tracebacks need it. It counts all the same.
        false => tree.put(
            &request.script_name,
            request.code.as_bytes(),
            &numbers,
            time::now(),
        ),
    }
    let keeper = Rc::new(RefCell::new(Keeper {
        store: Rc::clone(&store),
        session: session.clone(),
        catalogue: before.clone(),
        before,
        exists,
        changed: BTreeSet::new(),
        is_wanted: !request.scratch && !is_read_only,
    }));
    let system = System::new(
        request,
        tree,
        numbers,
        outside(session, &store, &keeper, sending),
    );
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
            interpreter::turn(&program::first_turn(request));
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
    let mut keeper = keeper.borrow_mut();
    match keeper.keep(&tree) {
        Ok(()) => {}
        // Whoever deleted the session does not want what this run would leave there.
        Err(WorkspaceError::Deleted) => keeper.catalogue = Catalogue::default(),
        Err(error) => {
            eprintln!("a run's files are lost: {error}");
            let said = format!("the program ran, and its files could not be kept: {error}");
            finished = ending::crashed(&said);
        }
    }
    if fits {
        finished.code_ms = elapsed.as_secs_f64() * 1000.0;
        finished.peak_memory_bytes = interpreter::memory_bytes();
    }
    finished.truncated.stdout_bytes = stdout_bytes;
    finished.truncated.stderr_bytes = stderr_bytes;
    finished.truncated.results = door.dropped();
    finished.files = match keeper.is_wanted {
        true => keeper.catalogue.list(|path| keeper.changed.contains(path)),
        false => tree.list(&keeper.before),
    };
    finished
}

fn outside(
    session: &SessionKey,
    store: &Rc<KeyValue>,
    keeper: &Rc<RefCell<Keeper>>,
    sending: &Rc<RefCell<Sending>>,
) -> Outside {
    let (store, session) = (Rc::clone(store), session.clone());
    let (keeper, sending) = (Rc::clone(keeper), Rc::clone(sending));
    Outside {
        is_wanted: Box::new({
            let sending = Rc::clone(&sending);
            move || sending.borrow().is_wanted()
        }),
        tell: Box::new(move |event| tell(&sending, &event)),
        load: Box::new(move |file| {
            let workspace = Workspace::new(&*store, &session, wasi::new_id);
            workspace.read_file(file).ok()
        }),
        keep: Box::new(move |tree| {
            // What could not be kept now is tried again at the end, and told then.
            if let Err(error) = keeper.borrow_mut().keep(tree) {
                eprintln!("a run's files could not be kept: {error}");
            }
        }),
        random: wasi::random,
        library: Library {
            lib: Path::new(LIBRARY).join("lib"),
            mpl_data: Path::new(LIBRARY).join("mpl-data"),
        },
    }
}
