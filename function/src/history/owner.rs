//! Whose rows are: what a tenant may see, as conditions of SQL. The indexes of `tenants.sql` have the same words.

use crate::tenant::Tenant;

/// Whose a session is, of a table that has `session_id`: `NAME~`, or nothing where the owner has no name.
pub(super) fn owner_in(table: &str) -> String {
    format!("substr({table}.session_id, 1, instr({table}.session_id, '~'))")
}

/// A session's id as its owner has it.
pub(super) fn id_in(table: &str) -> String {
    format!("substr({table}.session_id, 1 + instr({table}.session_id, '~'))")
}

/// What [`owner_in`] gives of a tenant's sessions.
pub(super) fn owner(tenant: &Tenant) -> String {
    let name = tenant.name();
    name.map_or_else(String::new, |name| format!("{name}~"))
}

#[cfg(test)]
mod tests {
    use api::{SessionId, TenantName};

    use super::*;

    #[test]
    fn an_owner_is_what_a_key_begins_with() {
        let id = SessionId::parse("a").unwrap();
        let named = Tenant::named(TenantName::parse("acme").unwrap());
        for tenant in [Tenant::default(), named] {
            let key = tenant.session(&id);
            assert_eq!(key.as_str(), format!("{}{id}", owner(&tenant)));
        }
    }

    #[test]
    fn the_indexes_have_the_same_words() {
        let words = owner_in("x").replace("x.", "");
        assert_eq!(include_str!("tenants.sql").matches(&words).count(), 2);
    }
}
