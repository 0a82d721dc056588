//! `GET /api/overview?hours=24`: how things went lately, in figures.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::history::ExecutionSummary;
use crate::tool::Tokens;

/// The last hours in figures. Executions are counted by when they began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Overview {
    /// The beginning of the first bucket.
    pub since: Timestamp,
    /// The end of the last bucket, after now.
    pub until: Timestamp,
    /// Seconds of a bucket.
    pub bucket_seconds: u64,
    /// In the order of time, without gaps.
    pub buckets: Vec<Bucket>,
    /// All executions of that time: the sum of the buckets.
    pub total: Counts,
    /// Sessions that something began in.
    pub sessions: u64,
    /// Of those that ended, succeeded or failed, the part that succeeded, from 0 to 1; none where none did.
    pub success_rate: Option<f64>,
    /// Seconds of a whole call: half of those that ended took no longer.
    pub p50_seconds: Option<f64>,
    /// The same of 95 in a hundred.
    pub p95_seconds: Option<f64>,
    /// Attempts of those that succeeded, on average.
    pub attempts_per_success: Option<f64>,
    /// What models read and wrote.
    pub tokens: Tokens,
    /// Executions that run now, whenever they began.
    pub running: u64,
    /// Executions that wait for a person now, whenever they began.
    pub awaiting_approval: u64,
    /// The latest that failed, were interrupted or refused, newest first; at most ten.
    pub latest_failures: Vec<ExecutionSummary>,
}

/// What began in one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bucket {
    /// Its beginning.
    pub start: Timestamp,
    /// How many.
    pub counts: Counts,
}

/// Executions by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Ended well.
    pub succeeded: u64,
    /// Ended otherwise: failed, interrupted or refused.
    pub failed: u64,
    /// Neither: running, waiting for a person, or cancelled.
    pub other: u64,
}

impl Counts {
    /// All of them.
    pub fn all(self) -> u64 {
        self.succeeded + self.failed + self.other
    }
}
