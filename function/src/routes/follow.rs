//! `GET /api/executions/{id}/events`: an execution that somebody else began, as it happens.
//!
//! It may run in another instance of this component, so what it tells is read from the history, where whatever takes
//! longer than a moment writes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::history::{Execution, Status};
use api::live::LiveEvent;
use api::{ExecutionId, SessionId};
use axum::Extension;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderMap;
use spin_sdk::time::sleep;

use super::InForce;
use super::executions::missing;
use crate::error::Refusal;
use crate::extract::ExecutionParam;
use crate::history::{History, HistoryError, RENEW_EVERY};
use crate::interrupted::open_history;
use crate::live::{Mark, catch_up, recorded_now};
use crate::settings::Settings;
use crate::sse::{self, Teller};
use crate::tenant::Tenant;

/// How often the history is asked.
const ASK_EVERY: Duration = Duration::from_millis(100);

pub(super) async fn events(
    Extension(settings): InForce,
    tenant: Tenant,
    ExecutionParam(id): ExecutionParam,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let history = open_history(&settings, &tenant).await?;
    let execution = history.execution(&id).await?;
    let execution = execution.ok_or_else(|| missing(&id))?;
    let follower = Follower::new(settings, tenant, history, id, &execution, &headers);
    Ok(sse::stream(follower))
}

/// One who follows an execution.
struct Follower {
    settings: Arc<Settings>,
    tenant: Tenant,
    history: History,
    id: ExecutionId,
    /// How far he has come.
    mark: Mark,
    /// Of what was told, what he had before he came back.
    had: usize,
    /// How far what was told is read.
    position: i64,
    chunk: Vec<u8>,
    checked_at: Instant,
    is_over: bool,
    is_first: bool,
}

impl Teller for Follower {
    /// What is new, or a comment, by which one who hung up is noticed.
    async fn next(&mut self) -> Option<Bytes> {
        if self.is_over {
            return None;
        }
        if !std::mem::take(&mut self.is_first) {
            sleep(ASK_EVERY).await;
        }
        if let Err(error) = self.ask().await {
            self.finish_with(&Refusal::from(error));
        }
        if self.chunk.is_empty() {
            return Some(sse::comment());
        }
        Some(std::mem::take(&mut self.chunk).into())
    }
}

impl Follower {
    fn new(
        settings: Arc<Settings>,
        tenant: Tenant,
        history: History,
        id: ExecutionId,
        execution: &Execution,
        headers: &HeaderMap,
    ) -> Self {
        let last = headers.get("last-event-id");
        let mark = last.and_then(|id| Mark::parse(id.to_str().ok()?));
        let mark = mark.unwrap_or_default();
        let mut follower = Self {
            settings,
            tenant,
            history,
            id,
            mark,
            // The first event is not among what is told.
            had: usize::try_from(mark.number.saturating_sub(1)).unwrap_or(usize::MAX),
            position: 0,
            chunk: Vec::new(),
            checked_at: Instant::now(),
            is_over: false,
            is_first: true,
        };
        if mark.number == 0 {
            let summary = &execution.summary;
            follower.send(&LiveEvent::Started {
                execution_id: summary.execution_id.clone(),
                session_id: summary.session_id.clone(),
                mode: summary.mode,
            });
        }
        follower
    }

    fn send(&mut self, event: &LiveEvent) {
        self.mark.pass(event);
        let frame = sse::frame(event.name(), Some(&self.mark.to_string()), event);
        self.chunk.extend_from_slice(&frame);
    }

    async fn ask(&mut self) -> Result<(), HistoryError> {
        if self.checked_at.elapsed() > RENEW_EVERY {
            self.checked_at = Instant::now();
            self.history = open_history(&self.settings, &self.tenant).await?;
        }
        self.read_on().await?;
        if self.history.status(&self.id).await? == Some(Status::Running) {
            return Ok(());
        }
        // It may have told more before it came to stand so.
        self.read_on().await?;
        match self.history.execution_so_far(&self.id).await? {
            None => self.finish_with(&missing(&self.id)),
            // A person has just decided.
            Some(execution) if execution.summary.status == Status::Running => {}
            Some(execution) => self.finish(&execution).await,
        }
        Ok(())
    }

    async fn read_on(&mut self) -> Result<(), HistoryError> {
        let told = self.history.told(&self.id, self.position).await?;
        self.position = told.position;
        for event in told.events {
            match self.had.checked_sub(1) {
                Some(rest) => self.had = rest,
                None => self.send(&event),
            }
        }
        Ok(())
    }

    async fn finish(&mut self, execution: &Execution) {
        for event in catch_up(execution, &self.mark) {
            self.send(&event);
        }
        let Ok(session_id) = SessionId::parse(&execution.summary.session_id) else {
            return self.finish_with(&missing(&self.id));
        };
        let session = self.tenant.session(&session_id);
        let response = recorded_now(&self.settings, execution, &session).await;
        self.is_over = true;
        self.send(&LiveEvent::Finished(Box::new(response)));
    }

    fn finish_with(&mut self, refusal: &Refusal) {
        self.is_over = true;
        self.send(&LiveEvent::Finished(Box::new(refusal.tool_response())));
    }
}
