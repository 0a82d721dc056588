//! What a list is to hold, as a condition of SQL with its parameters.

use api::filter::Filter;
use jiff::Timestamp;
use spin_sdk::sqlite::Value;

use super::owner::{owner, owner_in};
use super::search::Search;
use crate::clock::first_id_at;
use crate::cursor::PageRequest;
use crate::tenant::Tenant;

/// More than any id: what the first page of a list comes after.
const LAST: &str = "~";
/// How much later an execution may be named than it began: it is named when its request has come whole.
const NAMED_WITHIN_MS: i64 = 3_600_000;

/// Where a list has what can be asked for: the session in this table. Mode and status are in `e` either way.
struct Columns {
    table: &'static str,
    /// What it is ordered by.
    id: &'static str,
    began: &'static str,
}

const OF_SESSIONS: Columns = Columns {
    table: "s",
    id: "s.latest",
    began: "s.updated_at",
};

const OF_EXECUTIONS: Columns = Columns {
    table: "e",
    id: "e.execution_id",
    began: "e.started_at",
};

/// A condition, to be put behind `WHERE`.
pub(super) struct Condition {
    terms: Vec<String>,
    parameters: Vec<Value>,
}

impl Condition {
    /// Of a page of sessions, which are `s`, and their latest executions `e`.
    pub(super) fn on_sessions(tenant: &Tenant, filter: &Filter, page: &PageRequest) -> Self {
        Self::on(&OF_SESSIONS, tenant, filter, page, Search::in_sessions)
    }

    /// Of a page of executions, which are `e`.
    pub(super) fn on_executions(tenant: &Tenant, filter: &Filter, page: &PageRequest) -> Self {
        Self::on(&OF_EXECUTIONS, tenant, filter, page, Search::in_executions)
    }

    /// The same, where what a model was told and said counts too.
    pub(super) fn on_prompts(tenant: &Tenant, filter: &Filter, page: &PageRequest) -> Self {
        Self::on(&OF_EXECUTIONS, tenant, filter, page, Search::in_prompts)
    }

    fn on(
        columns: &Columns,
        tenant: &Tenant,
        filter: &Filter,
        page: &PageRequest,
        search: impl Fn(&Search, &mut Self) -> String,
    ) -> Self {
        let Columns { table, id, began } = columns;
        let mut condition = Self {
            terms: Vec::new(),
            parameters: Vec::new(),
        };
        let after = page.after.as_deref().unwrap_or(LAST);
        condition.compare(id, "<", after);
        // A session says whose it is.
        let owner = owner(tenant);
        match &filter.session_id {
            Some(id) => condition.compare(&format!("{table}.session_id"), "=", owner + id),
            None => condition.compare(&owner_in(table), "=", owner),
        }
        if let Some(mode) = filter.mode {
            condition.compare("e.mode", "=", mode.as_str());
        }
        if let Some(status) = filter.status {
            condition.compare("e.status", "=", status.as_str());
        }
        // The time decides; the ids, which are in its order, keep SQLite from looking at everything.
        if let Some(since) = filter.since.map(milliseconds) {
            condition.compare(id, ">=", first_id_at(since));
            condition.compare(began, ">=", since);
        }
        if let Some(until) = filter.until.map(milliseconds) {
            condition.compare(id, "<", first_id_at(until.saturating_add(NAMED_WITHIN_MS)));
            condition.compare(began, "<", until);
        }
        if let Some(q) = &filter.q {
            let term = search(&Search::new(q), &mut condition);
            condition.terms.push(term);
        }
        condition
    }

    fn compare(&mut self, column: &str, how: &str, value: impl Into<Value>) {
        let parameter = self.bind(value);
        self.terms.push(format!("{column} {how} {parameter}"));
    }

    /// The name of a new parameter.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.parameters.push(value.into());
        format!("?{}", self.parameters.len())
    }

    /// The condition, with the order and the length of a list behind it.
    pub(super) fn newest(mut self, id: &str, count: usize) -> (String, Vec<Value>) {
        let count = self.bind(count as i64);
        let terms = self.terms.join(" AND ");
        let clause = format!("WHERE {terms} ORDER BY {id} DESC LIMIT {count}");
        (clause, self.parameters)
    }
}

/// As the database has times; what lies between two of its times counts as the later.
fn milliseconds(time: Timestamp) -> i64 {
    let ms = time.as_nanosecond().div_euclid(1_000_000);
    let between = time.as_nanosecond().rem_euclid(1_000_000) > 0;
    // A `Timestamp` has fewer milliseconds than would fit.
    ms as i64 + i64::from(between)
}

#[cfg(test)]
mod tests {
    use api::TenantName;

    use super::*;

    #[test]
    fn a_time_between_two_is_the_later() {
        let ms = |text: &str| milliseconds(text.parse().unwrap());
        assert_eq!(ms("1970-01-01T00:00:00.001Z"), 1);
        assert_eq!(ms("1970-01-01T00:00:00.001000001Z"), 2);
        assert_eq!(ms("1969-12-31T23:59:59.9991Z"), 0);
    }

    #[test]
    fn only_what_is_asked_for_is_compared() {
        let page = PageRequest {
            limit: 2,
            after: None,
        };
        let tenant = Tenant::named(TenantName::parse("acme").unwrap());
        let clause =
            |filter: &Filter| Condition::on_executions(&tenant, filter, &page).newest("e.id", 3);
        let (text, parameters) = clause(&Filter::default());
        assert_eq!(
            text,
            "WHERE e.execution_id < ?1 AND substr(e.session_id, 1, instr(e.session_id, '~')) = ?2 \
             ORDER BY e.id DESC LIMIT ?3"
        );
        assert_eq!(parameters[1], Value::text("acme~"));
        let (text, parameters) = clause(&Filter {
            session_id: Some("s".to_owned()),
            until: Some(Timestamp::UNIX_EPOCH),
            ..Filter::default()
        });
        assert_eq!(
            text,
            "WHERE e.execution_id < ?1 AND e.session_id = ?2 AND e.execution_id < ?3 AND e.started_at < ?4 \
             ORDER BY e.id DESC LIMIT ?5"
        );
        assert_eq!(parameters.len(), 5);
        assert_eq!(parameters[1], Value::text("acme~s"));
    }
}
