//! Which items of a list a caller asks for, as words of a URL.

use api::SessionId;
use api::filter::Filter;
use api::history::Status;
use api::tool::Mode;
use jiff::Timestamp;
use serde::Deserialize;

/// Bytes of `q` at most: SQLite compares no longer patterns in good time.
const MAX_Q_BYTES: usize = 1000;

/// `?q=&session_id=&mode=&status=&since=&until=` as it came. An empty value is what a form sends of a field that
/// nobody filled in, and means nothing.
#[derive(Debug, Default, Deserialize)]
pub struct FilterQuery {
    q: Option<String>,
    session_id: Option<String>,
    mode: Option<String>,
    status: Option<String>,
    since: Option<String>,
    until: Option<String>,
}

/// Why nothing can be found with a query. The message is written for the caller.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFilter {
    /// What SQLite can't look for.
    #[error("invalid q: it must be at most {MAX_Q_BYTES} bytes, and no NUL among them")]
    Q,
    /// No session could have this id.
    #[error(transparent)]
    Session(#[from] api::InvalidId),
    /// Not one of a few words.
    #[error("invalid {name} `{}`: it must be one of {allowed}", value.escape_debug())]
    Word {
        /// `mode` or `status`.
        name: &'static str,
        /// As it came.
        value: String,
        /// The words, with commas between them.
        allowed: String,
    },
    /// Not a moment.
    #[error("invalid {name} `{}`: it must be a time such as 2026-01-31T12:00:00Z", value.escape_debug())]
    Time {
        /// `since` or `until`.
        name: &'static str,
        /// As it came.
        value: String,
    },
}

impl FilterQuery {
    /// Checks the query.
    pub fn parse(self) -> Result<Filter, BadFilter> {
        let q = given(self.q);
        if q.as_ref()
            .is_some_and(|q| q.len() > MAX_Q_BYTES || q.contains('\0'))
        {
            return Err(BadFilter::Q);
        }
        let session_id = given(self.session_id)
            .map(|id| SessionId::parse(&id))
            .transpose()?;
        let modes = [Mode::Native, Mode::OpenInterpreter];
        Ok(Filter {
            q,
            session_id: session_id.map(Into::into),
            mode: word("mode", self.mode, &modes, |mode| mode.as_str())?,
            status: word("status", self.status, &STATUSES, |status| status.as_str())?,
            since: time("since", self.since)?,
            until: time("until", self.until)?,
        })
    }
}

const STATUSES: [Status; 7] = [
    Status::Running,
    Status::Succeeded,
    Status::Failed,
    Status::Cancelled,
    Status::Interrupted,
    Status::Refused,
    Status::AwaitingApproval,
];

fn given(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.is_empty())
}

fn word<T: Copy>(
    name: &'static str,
    value: Option<String>,
    all: &[T],
    as_str: impl Fn(T) -> &'static str,
) -> Result<Option<T>, BadFilter> {
    let Some(value) = given(value) else {
        return Ok(None);
    };
    let found = all.iter().copied().find(|one| as_str(*one) == value);
    found.map(Some).ok_or_else(|| {
        let words: Vec<_> = all.iter().copied().map(as_str).collect();
        let allowed = words.join(", ");
        BadFilter::Word {
            name,
            value,
            allowed,
        }
    })
}

fn time(name: &'static str, value: Option<String>) -> Result<Option<Timestamp>, BadFilter> {
    let Some(value) = given(value) else {
        return Ok(None);
    };
    match value.parse() {
        Ok(time) => Ok(Some(time)),
        Err(_) => Err(BadFilter::Time { name, value }),
    }
}

#[cfg(test)]
mod tests;
