use super::*;

/// The message about one word of a query.
fn refused(name: &str, value: &str) -> String {
    let query = serde_json::json!({ name: value });
    let query: FilterQuery = serde_json::from_value(query).unwrap();
    query.parse().unwrap_err().to_string()
}

#[test]
fn what_is_asked_for_is_understood() {
    let query = FilterQuery {
        q: Some("a+b".to_owned()),
        session_id: Some("abc".to_owned()),
        mode: Some("openinterpreter".to_owned()),
        status: Some("awaiting_approval".to_owned()),
        since: Some("2026-01-31T13:00:00+01:00".to_owned()),
        until: Some("2026-02-01T00:00:00Z".to_owned()),
    };
    let expected = Filter {
        q: Some("a+b".to_owned()),
        session_id: Some("abc".to_owned()),
        mode: Some(Mode::OpenInterpreter),
        status: Some(Status::AwaitingApproval),
        since: Some("2026-01-31T12:00:00Z".parse().unwrap()),
        until: Some("2026-02-01T00:00:00Z".parse().unwrap()),
    };
    assert_eq!(query.parse(), Ok(expected));
}

#[test]
fn empty_values_mean_nothing() {
    let empty = || Some(String::new());
    let query = FilterQuery {
        q: empty(),
        session_id: empty(),
        mode: empty(),
        status: empty(),
        since: empty(),
        until: empty(),
    };
    assert!(query.parse().unwrap().is_empty());
    assert!(FilterQuery::default().parse().unwrap().is_empty());
}

#[test]
fn every_status_can_be_asked_for() {
    for status in STATUSES {
        let query = FilterQuery {
            status: Some(status.as_str().to_owned()),
            ..FilterQuery::default()
        };
        assert_eq!(query.parse().unwrap().status, Some(status));
    }
}

#[test]
fn a_refusal_says_what_would_do() {
    assert_eq!(
        refused("mode", "Native"),
        "invalid mode `Native`: it must be one of native, openinterpreter"
    );
    assert_eq!(
        refused("status", "done\n"),
        "invalid status `done\\n`: it must be one of running, succeeded, failed, cancelled, interrupted, refused, \
         awaiting_approval"
    );
    assert_eq!(
        refused("until", "yesterday"),
        "invalid until `yesterday`: it must be a time such as 2026-01-31T12:00:00Z"
    );
    assert!(refused("session_id", "../x").starts_with("invalid session_id `../x`"));
}

#[test]
fn what_is_looked_for_has_a_length() {
    let query = |q: &str| FilterQuery {
        q: Some(q.to_owned()),
        ..FilterQuery::default()
    };
    assert!(query(&"x".repeat(1000)).parse().is_ok());
    for bad in [&"x".repeat(1001), "a\0b"] {
        assert_eq!(query(bad).parse(), Err(BadFilter::Q));
    }
}
