//! Filters in the address of a page, so that it can be kept, sent, and gone back to.

use api::filter::Filter;
use api::history::Status;
use api::tool::Mode;
use jiff::Timestamp;

/// Stretches of time that a list can be narrowed to, with their hours.
pub(crate) const WITHIN: [(&str, &str, i64); 4] = [
    ("1h", "Last hour", 1),
    ("24h", "Last 24 hours", 24),
    ("7d", "Last 7 days", 7 * 24),
    ("30d", "Last 30 days", 30 * 24),
];

/// What a list is narrowed to, as its address has it. A word that means nothing counts as absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Query {
    pub(crate) q: String,
    pub(crate) session: String,
    pub(crate) mode: Option<Mode>,
    pub(crate) status: Option<Status>,
    pub(crate) within: Option<&'static str>,
    pub(crate) cursor: Option<String>,
}

/// Every status with its word for people.
pub(crate) const STATUSES: [(Status, &str); 7] = [
    (Status::Succeeded, "Succeeded"),
    (Status::Failed, "Failed"),
    (Status::Running, "Running"),
    (Status::AwaitingApproval, "Awaiting approval"),
    (Status::Cancelled, "Cancelled"),
    (Status::Interrupted, "Interrupted"),
    (Status::Refused, "Refused"),
];

/// Every mode with its word for people.
pub(crate) const MODES: [(Mode, &str); 2] = [
    (Mode::Native, "Native"),
    (Mode::OpenInterpreter, "OpenInterpreter"),
];

impl Query {
    /// Reads an address by its parameters.
    pub(crate) fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let word = |name: &str| get(name).filter(|value| !value.is_empty());
        let mode = word("mode");
        let status = word("status");
        let within = word("within");
        Self {
            q: word("q").unwrap_or_default(),
            session: word("session").unwrap_or_default(),
            mode: MODES
                .into_iter()
                .map(|(mode, _)| mode)
                .find(|m| mode.as_deref() == Some(m.as_str())),
            status: STATUSES
                .into_iter()
                .map(|(status, _)| status)
                .find(|s| status.as_deref() == Some(s.as_str())),
            within: WITHIN
                .into_iter()
                .map(|(word, ..)| word)
                .find(|w| within.as_deref() == Some(w)),
            cursor: word("cursor"),
        }
    }

    /// The parameters that are not absent, to be written into an address.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        let mut put = |name, value: &str| {
            if !value.is_empty() {
                parameters.push((name, value.to_owned()));
            }
        };
        put("q", &self.q);
        put("session", &self.session);
        put("mode", self.mode.map_or("", Mode::as_str));
        put("status", self.status.map_or("", Status::as_str));
        put("within", self.within.unwrap_or_default());
        put("cursor", self.cursor.as_deref().unwrap_or_default());
        parameters
    }

    /// Whether the list is narrowed at all.
    pub(crate) fn is_narrowed(&self) -> bool {
        *self
            != Self {
                cursor: self.cursor.clone(),
                ..Self::default()
            }
    }

    /// What the server is asked for, at a time in milliseconds since 1970.
    pub(crate) fn filter(&self, now: i64) -> Filter {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let hours = WITHIN
            .iter()
            .find(|(word, ..)| self.within == Some(word))
            .map(|(.., hours)| *hours);
        Filter {
            q: text(&self.q),
            session_id: text(&self.session),
            mode: self.mode,
            status: self.status,
            since: hours
                .and_then(|hours| Timestamp::from_millisecond(now - hours * 3_600_000).ok()),
            until: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &[(&'static str, &str)]) -> Query {
        Query::read(|name| {
            address
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn an_address_leads_to_the_same_list_again() {
        let address = [
            ("q", "a&b"),
            ("session", "s"),
            ("mode", "openinterpreter"),
            ("status", "awaiting_approval"),
            ("within", "7d"),
            ("cursor", "ff"),
        ];
        let query = read(&address);
        let written = query.parameters();
        let written: Vec<_> = written
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(written, address);
        assert!(query.is_narrowed());
    }

    #[test]
    fn words_that_mean_nothing_narrow_nothing() {
        let query = read(&[
            ("mode", "x"),
            ("status", ""),
            ("within", "1y"),
            ("q", ""),
            ("cursor", "ab"),
        ]);
        assert!(!query.is_narrowed());
        assert!(query.filter(0).is_empty());
    }

    #[test]
    fn a_stretch_of_time_ends_now() {
        let since = read(&[("within", "24h")]).filter(86_400_000 + 5).since;
        assert_eq!(since, Timestamp::from_millisecond(5).ok());
    }
}
