//! The request that is being answered: its id, which the answer carries, and what its line in the log will say.
//!
//! An instance answers several requests at a time. For which of them some code works it asks [`current`], so that no
//! function is told what only a log wants to know: [`within`] says it for as long as a future is polled.

pub mod id;
mod observe;

use std::cell::Cell;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use api::RequestId;
use api::error::ErrorCode;
use api::tool::Mode;
use serde::Serialize;

use crate::log;

pub use id::HEADER;
pub use observe::observe;

thread_local! {
    static CURRENT: Cell<Option<Arc<Request>>> = const { Cell::new(None) };
}

/// A request, as long as anything works for it.
#[derive(Debug)]
pub struct Request {
    /// What the answer and all lines of the log have.
    pub id: RequestId,
    facts: Mutex<Facts>,
}

/// What is found out about a request while it is answered. Never a token, code or a prompt.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facts {
    /// Whose it is, if that has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The session that something runs in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// What runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution_id: Option<String>,
    /// Which executor runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<Mode>,
    /// How it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<&'static str>,
    /// Why the request was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// Whether the request's line is written.
    #[serde(skip)]
    is_written: bool,
}

impl Request {
    fn new(id: RequestId) -> Self {
        Self {
            id,
            facts: Mutex::default(),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Facts) -> T) -> T {
        change(&mut self.facts.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The request that this code works for, if it does for any.
pub fn current() -> Option<Arc<Request>> {
    let request = CURRENT.take();
    CURRENT.set(request.clone());
    request
}

/// Notes something about the current request.
pub fn note(change: impl FnOnce(&mut Facts)) {
    if let Some(request) = current() {
        request.change(change);
    }
}

/// Notes how the current request's execution ended. Where the request was over before, since nobody waited for the end,
/// the log says it in a line of its own.
pub fn note_end(outcome: &'static str, seconds: f64) {
    let Some(request) = current() else { return };
    let late = request.change(|facts| {
        facts.outcome = Some(outcome);
        facts.is_written.then(|| facts.clone())
    });
    if let Some(facts) = late {
        log::execution(&request.id, &facts, seconds);
    }
}

/// Has a future work for the current request, wherever it is polled.
pub fn carry_on<F: Future>(future: F) -> Within<F> {
    within(current(), future)
}

fn within<F: Future>(request: Option<Arc<Request>>, future: F) -> Within<F> {
    Within {
        request,
        future: Box::pin(future),
    }
}

/// A future that works for a request.
pub struct Within<F> {
    request: Option<Arc<Request>>,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Within<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = Entered::new(self.request.clone());
        self.future.as_mut().poll(cx)
    }
}

/// While it lives, a request is the current one.
struct Entered {
    before: Option<Arc<Request>>,
}

impl Entered {
    fn new(request: Option<Arc<Request>>) -> Self {
        Self {
            before: CURRENT.replace(request),
        }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;
    use futures::future::{join, pending, poll_fn};

    use super::*;

    fn request(id: &str) -> Option<Arc<Request>> {
        Some(Arc::new(Request::new(RequestId::parse(id).unwrap())))
    }

    #[test]
    fn tasks_side_by_side_have_each_their_own() {
        let turns = |times: usize| {
            let mut left = times;
            let mut seen = Vec::new();
            poll_fn(move |cx| {
                seen.push(current().map(|request| request.id.as_str().to_owned()));
                if left == 0 {
                    return Poll::Ready(std::mem::take(&mut seen));
                }
                left -= 1;
                cx.waker().wake_by_ref();
                Poll::Pending
            })
        };
        let both = join(
            within(request("a"), turns(2)),
            within(request("b"), async { carry_on(turns(1)).await }),
        );
        let (a, b) = futures::executor::block_on(both);
        assert_eq!(a, vec![Some("a".to_owned()); 3]);
        assert_eq!(b, vec![Some("b".to_owned()); 2]);
        let none = within(request("c"), pending::<()>()).now_or_never();
        assert!(none.is_none() && current().is_none());
    }
}
