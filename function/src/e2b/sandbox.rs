//! A session, as E2B's control API shows a sandbox.

use api::SessionKey;
use api::history::Session;
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::order::TEMPLATE;
use super::paths::ROOT;
use crate::settings::Settings;

/// The version of E2B's agent in a sandbox that this does as much as: from here on files can be streamed in, and
/// they can't have metadata yet.
const ENVD_VERSION: &str = "0.5.7";

/// A sandbox to talk to.
#[derive(Debug, Serialize)]
pub struct Sandbox<'a> {
    #[serde(rename = "templateID")]
    template: &'static str,
    #[serde(rename = "sandboxID")]
    id: &'a str,
    #[serde(rename = "clientID")]
    client: &'static str,
    #[serde(rename = "envdVersion")]
    envd_version: &'static str,
    /// What its client is to show: what it showed when it asked.
    #[serde(rename = "envdAccessToken", skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(rename = "trafficAccessToken", skip_serializing_if = "Option::is_none")]
    traffic_token: Option<&'a str>,
}

/// What is known of a sandbox.
#[derive(Debug, Serialize)]
pub struct Detail<'a> {
    #[serde(flatten)]
    sandbox: Sandbox<'a>,
    #[serde(rename = "startedAt")]
    started_at: Timestamp,
    #[serde(rename = "endAt")]
    end_at: Timestamp,
    #[serde(rename = "cpuCount")]
    cpus: u32,
    #[serde(rename = "memoryMB")]
    memory_mb: u64,
    #[serde(rename = "diskSizeMB")]
    disk_mb: u64,
    state: &'static str,
}

/// Where a program runs in a sandbox.
#[derive(Debug, Serialize)]
pub struct Context<'a> {
    id: &'a str,
    language: &'static str,
    cwd: &'static str,
}

impl<'a> Sandbox<'a> {
    /// A session, for a client that shows this token.
    pub fn new(id: &'a SessionKey, token: Option<&'a str>) -> Self {
        Self {
            access_token: token,
            traffic_token: token,
            ..Self::called(id.id())
        }
    }

    fn called(id: &'a str) -> Self {
        Self {
            template: TEMPLATE,
            id,
            client: "vivarium",
            envd_version: ENVD_VERSION,
            access_token: None,
            traffic_token: None,
        }
    }
}

impl<'a> Detail<'a> {
    /// A session under these limits.
    pub fn new(session: &'a Session, settings: &Settings) -> Self {
        Self {
            sandbox: Sandbox::called(&session.session_id),
            started_at: session.created_at,
            end_at: never(),
            // A program has one thread.
            cpus: 1,
            memory_mb: settings.memory_bytes >> 20,
            disk_mb: settings.workspace_max_bytes >> 20,
            state: "running",
        }
    }
}

impl<'a> Context<'a> {
    /// One by its name.
    pub fn new(id: &'a str) -> Self {
        Self {
            id,
            language: "python",
            cwd: ROOT,
        }
    }
}

/// The last day of E2B's calendar, Python's.
fn never() -> Timestamp {
    let day = date(9999, 12, 30).to_zoned(TimeZone::UTC);
    day.map_or(Timestamp::MAX, |day| day.timestamp())
}
