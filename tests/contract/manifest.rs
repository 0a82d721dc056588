//! spin.toml must stay one that Spin 4 accepts: this embedded host is not the only one that reads it.

use crate::harness::root;

/// Every key that Spin 4 knows, of those tables that can be in ours. Tables whose keys are names of
/// our own have a `*`.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "spin_manifest_version",
            "application",
            "variables",
            "trigger",
            "component",
        ],
    ),
    (
        "application",
        &[
            "name",
            "version",
            "description",
            "authors",
            "targets",
            "trigger",
            "tool",
        ],
    ),
    ("variables.*", &["default", "required", "secret"]),
    ("trigger", &["http"]),
    ("trigger.http", &["id", "route", "component", "executor"]),
    (
        "component.*",
        &[
            "source",
            "description",
            "variables",
            "environment",
            "files",
            "exclude_files",
            "allowed_outbound_hosts",
            "key_value_stores",
            "sqlite_databases",
            "ai_models",
            "build",
            "tool",
            "targets",
            "dependencies",
            "dependencies_inherit_configuration",
        ],
    ),
    ("component.*.build", &["command", "workdir", "watch"]),
];

fn manifest() -> toml::Table {
    let text = std::fs::read_to_string(root().join("spin.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

#[test]
fn it_has_only_keys_that_spin_knows() {
    let manifest = manifest();
    let unknown: Vec<_> = KNOWN
        .iter()
        .flat_map(|(place, known)| {
            let keys = tables_at(&manifest, place)
                .into_iter()
                .flat_map(|table| table.keys().cloned().collect::<Vec<_>>());
            keys.filter(|key| !known.contains(&key.as_str()))
                .map(move |key| format!("{place}: {key}"))
        })
        .collect();
    assert_eq!(unknown, [""; 0], "Spin does not know these keys");
}

#[test]
fn it_is_a_manifest_of_version_2_for_http() {
    let manifest = manifest();
    assert_eq!(manifest["spin_manifest_version"].as_integer(), Some(2));
    let trigger = &manifest["trigger"]["http"][0];
    assert_eq!(trigger["route"].as_str(), Some("/..."));
    assert!(
        manifest["component"]
            .get(trigger["component"].as_str().unwrap())
            .is_some()
    );
}

#[test]
fn every_variable_is_passed_on_to_the_function() {
    let manifest = manifest();
    let declared = manifest["variables"].as_table().unwrap();
    let passed_on = manifest["component"]["function"]["variables"]
        .as_table()
        .unwrap();
    for name in declared.keys() {
        assert_eq!(
            passed_on[name].as_str(),
            Some(format!("{{{{ {name} }}}}").as_str())
        );
    }
}

#[test]
fn secrets_are_declared_as_secrets() {
    let manifest = manifest();
    for name in ["llm_api_key", "api_token"] {
        assert_eq!(
            manifest["variables"][name]["secret"].as_bool(),
            Some(true),
            "{name}"
        );
    }
}

/// The tables at a place such as `component.*.build`.
fn tables_at<'a>(table: &'a toml::Table, place: &str) -> Vec<&'a toml::Table> {
    if place.is_empty() {
        return vec![table];
    }
    let (first, rest) = place.split_once('.').unwrap_or((place, ""));
    let below: Vec<&toml::Value> = match first {
        "*" => table.values().collect(),
        name => table.get(name).into_iter().collect(),
    };
    below
        .into_iter()
        .flat_map(|value| match value {
            toml::Value::Array(all) => all.iter().filter_map(toml::Value::as_table).collect(),
            value => value.as_table().into_iter().collect::<Vec<_>>(),
        })
        .flat_map(|below| tables_at(below, rest))
        .collect()
}
