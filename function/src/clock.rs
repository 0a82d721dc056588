//! The time and chance: the two things that keep the rest from being pure.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use api::{ExecutionId, RequestId, SessionId};
use jiff::Timestamp;
use spin_sdk::wasip3::random::random::get_random_u64;

/// Microseconds since 1970.
fn now_us() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// Nanoseconds since 1970, as E2B has times, no finer than the others.
pub fn now_ns() -> u64 {
    now_us() * 1000
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

    /// When work on it began, or began again.
    pub fn time(&self) -> SystemTime {
        SystemTime::now() - self.since.elapsed()
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

/// The last microsecond that 13 hexadecimal digits can tell, in 2112.
const LAST_US: u64 = (1 << 52) - 1;

/// A new execution's name.
pub fn new_execution_id() -> ExecutionId {
    ExecutionId::parse(&in_order()).expect("sixteen hexadecimal digits are an execution id")
}

/// A new request's name.
pub fn new_request_id() -> RequestId {
    RequestId::parse(&in_order()).expect("sixteen hexadecimal digits are a request id")
}

/// 13 digits of the time in microseconds and 3 of chance, so that names in order are things in order.
fn in_order() -> String {
    format!(
        "{:013x}{:03x}",
        now_us() & LAST_US,
        get_random_u64() & 0xfff
    )
}

/// Where the names begin of executions from a time on, in milliseconds since 1970: the name of one that was named
/// before comes before it.
pub fn first_id_at(ms: i64) -> String {
    let us = u64::try_from(ms).unwrap_or(0).saturating_mul(1000);
    format!("{:013x}", us.min(LAST_US))
}

/// A new session's name, which nobody can guess from another.
pub fn new_session_id() -> SessionId {
    SessionId::parse(&new_nonce()).expect("sixteen hexadecimal digits are a session id")
}

/// Sixteen hexadecimal digits that a program can't guess.
pub fn new_nonce() -> String {
    format!("{:016x}", get_random_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_time() {
        let id = "64a0f1b2c3d4e5f";
        let ms = i64::from_str_radix(&id[..13], 16).unwrap() / 1000;
        assert!(first_id_at(ms).as_str() <= id, "{}", first_id_at(ms));
        assert!(first_id_at(ms + 1).as_str() > id);
        assert_eq!(first_id_at(-1), "0000000000000");
        assert_eq!(first_id_at(i64::MAX), "fffffffffffff");
    }
}
