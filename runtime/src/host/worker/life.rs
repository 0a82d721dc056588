//! How long an instance lives, which depends on what it was made for.

use std::time::Duration;

use wasmtime_wasi_http::handler::{ProxyPre, ShouldAccept};

/// Requests an instance works on at a time. They share its one thread and a trap ends them all.
const MAX_CONCURRENT: usize = 8;
/// Requests an instance gets in all, so that what a component leaks is not leaked for ever.
const MAX_REQUESTS: usize = 10_000;
/// Linear memory never shrinks: an instance that has grown this large gets no new requests.
const LARGE_BYTES: usize = 64 << 20;
/// How long a component may go on when nobody waits for it any more.
const AFTERMATH: Duration = Duration::from_secs(10);

/// The life of a component's instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::host) enum Life {
    /// Of WASI 0.3: it answers many requests, several at a time.
    Long,
    /// Of WASI 0.2: it answers one, as under Spin, so that nothing of it is there for the next. It has no way
    /// to go on working when it has answered, or when nobody wants the answer any more.
    OneRequest,
}

impl Life {
    pub(in crate::host) fn of<T>(pre: &ProxyPre<T>) -> Self {
        match pre {
            ProxyPre::P2(_) => Self::OneRequest,
            ProxyPre::P3(_) => Self::Long,
        }
    }

    /// Whether an instance takes another request beside those that it works on, and after all it had.
    pub(super) fn should_accept(
        self,
        concurrent: usize,
        total: usize,
        memory_bytes: usize,
    ) -> ShouldAccept {
        let done = match self {
            Self::Long => total >= MAX_REQUESTS || memory_bytes >= LARGE_BYTES,
            Self::OneRequest => total >= 1,
        };
        if done {
            ShouldAccept::Never
        } else if concurrent >= MAX_CONCURRENT {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    /// How long it may go on when nobody waits for it any more.
    pub(super) fn aftermath(self) -> Duration {
        match self {
            Self::Long => AFTERMATH,
            Self::OneRequest => Duration::ZERO,
        }
    }

    /// How often it is looked whether somebody does.
    pub(super) fn tick(self) -> Duration {
        match self {
            Self::Long => Duration::from_secs(1),
            Self::OneRequest => Duration::from_millis(25),
        }
    }
}
