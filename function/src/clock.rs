//! The time and chance: the two things that keep the rest from being pure.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use api::{ExecutionId, SessionId};
use jiff::Timestamp;
use spin_sdk::wasip3::random::random::get_random_u64;

/// Microseconds since 1970.
fn now_us() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// Milliseconds since 1970, as the database has times.
pub fn now_ms() -> i64 {
    (now_us() / 1000) as i64
}

/// When something began, and how long ago that is whatever happens to the clock.
#[derive(Debug, Clone, Copy)]
pub struct Beginning {
    /// Milliseconds since 1970.
    pub at: i64,
    since: Instant,
    /// Seconds that were spent on it before.
    before: f64,
}

impl Beginning {
    /// This moment.
    pub fn now() -> Self {
        Self {
            at: now_ms(),
            since: Instant::now(),
            before: 0.0,
        }
    }

    /// The beginning of what began at another time, and took so many seconds before it had to wait.
    pub fn resumed(at: i64, before: f64) -> Self {
        Self {
            at,
            before,
            ..Self::now()
        }
    }

    /// Seconds that were spent on it until now.
    pub fn elapsed(&self) -> f64 {
        self.before + self.since.elapsed().as_secs_f64()
    }
}

/// A time of the database, as the API shows it.
pub fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// A new execution's name: 13 digits of the time in microseconds and 3 of chance, so that names in order
/// are executions in order, and 13 digits last until 2112.
pub fn new_execution_id() -> ExecutionId {
    let digits = format!(
        "{:013x}{:03x}",
        now_us() & ((1 << 52) - 1),
        get_random_u64() & 0xfff
    );
    ExecutionId::parse(&digits).expect("sixteen hexadecimal digits are an execution id")
}

/// A new session's name, which nobody can guess from another.
pub fn new_session_id() -> SessionId {
    SessionId::parse(&new_nonce()).expect("sixteen hexadecimal digits are a session id")
}

/// Sixteen hexadecimal digits that a program can't guess.
pub fn new_nonce() -> String {
    format!("{:016x}", get_random_u64())
}
