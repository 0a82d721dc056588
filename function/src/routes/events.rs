//! `/api/events`: what changes in the history, as it changes, or at once to those who would rather ask again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::error::ErrorCode;
use api::live::Changes;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use http::HeaderMap;
use serde::Deserialize;
use spin_sdk::time::sleep;

use super::InForce;
use crate::accept::wants_events;
use crate::error::Refusal;
use crate::extract::Words;
use crate::history::{History, HistoryError};
use crate::interrupted::open_history;
use crate::log;
use crate::settings::Settings;
use crate::sse::{self, Teller};
use crate::tenant::Tenant;

/// How often it is looked whether anything changed.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// After how long without a word a beat is written: with the looks between, less than 2 s.
const BEAT_AFTER: Duration = Duration::from_millis(1500);
/// How often it is looked for executions that only seem to run.
const MARK_EVERY: Duration = Duration::from_secs(5);

/// `?cursor=` as it came.
#[derive(Deserialize)]
pub(super) struct Since {
    cursor: Option<String>,
}

pub(super) async fn watch(
    Extension(settings): InForce,
    tenant: Tenant,
    Words(since): Words<Since>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let seen = seen(&since, &headers)?;
    let history = open_history(&settings, &tenant).await?;
    let mut watch = Watch {
        settings,
        tenant,
        history,
        seen,
        told_at: Instant::now(),
        marked_at: Instant::now(),
        first: None,
    };
    let first = watch.changes().await?;
    if !wants_events(&headers) {
        return Ok(Json(first).into_response());
    }
    // The first event goes out whether anything changed or not: it has the cursor to begin with.
    watch.first = Some(frame(&first));
    Ok(sse::stream(watch))
}

/// Somebody who watches.
struct Watch {
    settings: Arc<Settings>,
    tenant: Tenant,
    history: History,
    /// The last change that was told; none where nothing was told yet.
    seen: Option<i64>,
    /// When anything was last written.
    told_at: Instant,
    /// When it was last looked for executions that only seem to run.
    marked_at: Instant,
    /// What is written before anything is waited for.
    first: Option<Bytes>,
}

impl Teller for Watch {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        // Whoever watches comes back with the cursor.
        self.wait().await.inspect_err(|error| log::warn(error)).ok()
    }
}

impl Watch {
    /// Waits until there is something to write.
    async fn wait(&mut self) -> Result<Bytes, HistoryError> {
        loop {
            sleep(LOOK_EVERY).await;
            if self.marked_at.elapsed() >= MARK_EVERY {
                self.history = open_history(&self.settings, &self.tenant).await?;
                self.marked_at = Instant::now();
            }
            if Some(self.history.last_change().await?) != self.seen {
                let changes = self.changes().await?;
                self.told_at = Instant::now();
                return Ok(frame(&changes));
            }
            if self.told_at.elapsed() >= BEAT_AFTER {
                self.told_at = Instant::now();
                return Ok(sse::comment());
            }
        }
    }

    /// What changed since the last time.
    async fn changes(&mut self) -> Result<Changes, HistoryError> {
        let last = self.history.last_change().await?;
        let changes = self.history.changes(self.seen, last).await?;
        self.seen = Some(last);
        Ok(changes)
    }
}

fn frame(changes: &Changes) -> Bytes {
    sse::frame("changes", Some(&changes.cursor), changes)
}

/// The last change that the caller has seen. A browser that comes back says it in a header, and asks for the same
/// address as the first time.
fn seen(since: &Since, headers: &HeaderMap) -> Result<Option<i64>, Refusal> {
    let header = match headers.get("last-event-id") {
        Some(id) => Some(id.to_str().map_err(|_| bad_cursor())?),
        None => None,
    };
    let given = header.filter(|id| !id.is_empty());
    let Some(cursor) = given.or(since.cursor.as_deref().filter(|c| !c.is_empty())) else {
        return Ok(None);
    };
    if !cursor.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad_cursor());
    }
    cursor.parse().map(Some).map_err(|_| bad_cursor())
}

fn bad_cursor() -> Refusal {
    Refusal::new(
        ErrorCode::BadRequest,
        "invalid cursor: it must be `cursor` of an answer or `id` of an event of this same route",
    )
    .hint("ask without one to get the newest")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(cursor: Option<&str>, header: Option<&'static str>) -> Result<Option<i64>, Refusal> {
        let since = Since {
            cursor: cursor.map(Into::into),
        };
        let header = header.map(|id| ("last-event-id".parse().unwrap(), id.parse().unwrap()));
        seen(&since, &HeaderMap::from_iter(header))
    }

    #[test]
    fn who_comes_back_is_known_by_the_header() {
        assert_eq!(asked(None, None).unwrap(), None);
        assert_eq!(asked(Some(""), Some("")).unwrap(), None);
        assert_eq!(asked(Some("7"), None).unwrap(), Some(7));
        assert_eq!(asked(Some("7"), Some("9")).unwrap(), Some(9));
    }

    #[test]
    fn a_cursor_of_nobody_is_refused() {
        for bad in ["x", "-1", "+1", "1.5", " 1", "99999999999999999999"] {
            assert!(asked(Some(bad), None).is_err(), "{bad}");
            assert!(asked(Some("1"), Some(bad)).is_err(), "{bad}");
        }
    }
}
