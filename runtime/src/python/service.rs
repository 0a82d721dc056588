//! The python service's routes, as [`api::python`] describes them.

mod download;
mod error;
mod files;
mod metrics;
mod request;
mod run;
mod upload;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use api::SessionKey;
use api::error::{ErrorBody, ErrorCode};
use api::python::{Health, ImageInfo};
use axum::extract::{Path as UrlPath, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use axum::{Json, Router, middleware};
use jiff::Timestamp;
use service::request::{MAX_RUN_BODY_BYTES, no_workspace};
use tokio_util::sync::CancellationToken;

use super::queue::Queue;
use super::sandbox::Sandbox;
use error::Refusal;
use metrics::Metrics;

pub use request::request_id;

/// What the service is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where workspaces and the runs' own `/tmp` are kept: `scratch/` and `tmp/` in it.
    pub data: PathBuf,
    /// Runs at once.
    pub max_concurrent: usize,
    /// Runs that may wait.
    pub max_queued: usize,
}

/// The service. Clones share all state.
#[derive(Clone)]
pub struct Service {
    shared: Arc<Shared>,
}

struct Shared {
    sandbox: Sandbox,
    queue: Queue,
    metrics: Metrics,
    scratch: PathBuf,
    tmp: PathBuf,
    image: ImageInfo,
    started_at: Timestamp,
    /// Runs in each session, so that a session is not deleted under them.
    active: Mutex<HashMap<SessionKey, usize>>,
    /// Cancels every run.
    shutdown: CancellationToken,
}

impl Service {
    /// Makes the folders, and clears what runs that were killed left in `tmp`.
    pub fn new(sandbox: Sandbox, image: ImageInfo, options: &Options) -> io::Result<Self> {
        let (scratch, tmp) = (options.data.join("scratch"), options.data.join("tmp"));
        crate::cache::create_private_dir(&scratch)?;
        if tmp.exists() {
            std::fs::remove_dir_all(&tmp)?;
        }
        crate::cache::create_private_dir(&tmp)?;
        let shared = Shared {
            sandbox,
            queue: Queue::new(options.max_concurrent, options.max_queued),
            metrics: Metrics::new(),
            scratch,
            tmp,
            image,
            started_at: Timestamp::now(),
            active: Mutex::default(),
            shutdown: CancellationToken::new(),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// The routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/health", get(health))
            .route("/metrics", get(metrics::show))
            .route(
                "/v1/sessions/{session}/run",
                post(run::run).layer(axum::extract::DefaultBodyLimit::max(MAX_RUN_BODY_BYTES)),
            )
            .route("/v1/sessions/{session}/files", get(files::list))
            .route(
                "/v1/sessions/{session}/files/{*path}",
                get(download::download)
                    .put(upload::upload)
                    .delete(files::delete)
                    .layer(axum::extract::DefaultBodyLimit::disable()),
            )
            .route("/v1/sessions/{session}", delete(delete_session))
            .fallback(async || {
                Refusal::new(ErrorCode::NotFound, "the python service has no such route")
            })
            .method_not_allowed_fallback(async || {
                Refusal::new(ErrorCode::MethodNotAllowed, "this route has no such method")
            })
            .layer(middleware::from_fn(request::observe))
            .with_state(self.clone())
    }

    /// Cancels every run that is under way or waits.
    pub fn cancel_all(&self) {
        self.shared.shutdown.cancel();
    }

    /// Counts a run in a session until the guard is dropped.
    fn activity(&self, session: &SessionKey) -> Activity {
        *self.active().entry(session.clone()).or_default() += 1;
        Activity {
            service: self.clone(),
            session: session.clone(),
        }
    }

    fn active(&self) -> std::sync::MutexGuard<'_, HashMap<SessionKey, usize>> {
        self.shared
            .active
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// While it lives, its session has a run.
struct Activity {
    service: Service,
    session: SessionKey,
}

impl Drop for Activity {
    fn drop(&mut self) {
        let mut active = self.service.active();
        if let Some(count) = active.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                active.remove(&self.session);
            }
        }
    }
}

async fn health(State(service): State<Service>) -> Json<Health> {
    let Shared {
        queue,
        image,
        started_at,
        ..
    } = &*service.shared;
    Json(Health {
        status: "ok".to_owned(),
        started_at: *started_at,
        image: image.clone(),
        max_concurrent: queue.most_running() as u64,
        running: queue.running() as u64,
        queued: queue.waiting() as u64,
    })
}

async fn delete_session(
    State(service): State<Service>,
    UrlPath(session): UrlPath<String>,
) -> Result<StatusCode, Refusal> {
    let session = SessionKey::parse(&session)?;
    let folder = service.shared.scratch.join(session.as_str());
    // Held while the folder goes, so that no run begins in it.
    let active = service.active();
    if active.contains_key(&session) {
        let body = ErrorBody::new(ErrorCode::Conflict, "a program is running in this session")
            .hint("wait for its end, or cancel it");
        return Err(body.into());
    }
    let removed = std::fs::remove_dir_all(&folder);
    drop(active);
    match removed {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(no_workspace(&session).into()),
        Err(error) => Err(Refusal::internal("deleting a workspace", &error)),
    }
}

/// A folder of a run's own, such as its `/tmp`; gone when it is dropped.
fn tmp_folder(tmp: &Path) -> io::Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("run-").tempdir_in(tmp)
}
