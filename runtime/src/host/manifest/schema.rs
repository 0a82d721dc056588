//! The manifest's TOML, with what this host doesn't know kept apart so that it can be named.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;

use serde::Deserialize;
use toml::Table;

use crate::host::error::Problem;

#[derive(Deserialize)]
pub(super) struct Manifest {
    spin_manifest_version: toml::Value,
    application: Application,
    #[serde(default)]
    pub(super) variables: BTreeMap<String, Variable>,
    #[serde(default)]
    pub(super) trigger: Triggers,
    #[serde(default)]
    pub(super) component: BTreeMap<String, Component>,
    #[serde(flatten)]
    unknown: Table,
}

#[derive(Deserialize)]
struct Application {
    #[serde(rename = "name")]
    _name: String,
    #[serde(flatten)]
    unknown: Table,
}

#[derive(Deserialize)]
pub(super) struct Variable {
    pub(super) default: Option<String>,
    #[serde(default)]
    required: bool,
    /// Every variable is treated as a secret here, so nothing depends on it.
    #[serde(default, rename = "secret")]
    _secret: bool,
    #[serde(flatten)]
    unknown: Table,
}

#[derive(Deserialize, Default)]
pub(super) struct Triggers {
    #[serde(default)]
    pub(super) http: Vec<Trigger>,
    #[serde(flatten)]
    unknown: Table,
}

#[derive(Deserialize)]
pub(super) struct Trigger {
    pub(super) route: Route,
    pub(super) component: String,
    #[serde(flatten)]
    unknown: Table,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Route {
    Public(String),
    Private { private: bool },
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(route) => f.write_str(route),
            Self::Private { private } => write!(f, "{{ private = {private} }}"),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Component {
    pub(super) source: String,
    #[serde(default)]
    pub(super) allowed_outbound_hosts: Vec<String>,
    #[serde(default)]
    pub(super) sqlite_databases: Vec<String>,
    #[serde(default)]
    pub(super) key_value_stores: Vec<String>,
    #[serde(default)]
    pub(super) files: Vec<Files>,
    #[serde(default)]
    pub(super) variables: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) tool: Tools,
    #[serde(flatten)]
    unknown: Table,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Files {
    Mount { source: String, destination: String },
    Pattern(String),
}

/// `tool` belongs to tools, each of which knows its own table only.
#[derive(Deserialize, Default)]
pub(super) struct Tools {
    #[serde(default)]
    pub(super) vivarium: Vivarium,
}

#[derive(Deserialize, Default)]
pub(super) struct Vivarium {
    #[serde(default)]
    pub(super) logs: Logs,
    /// A template.
    pub(super) private_outbound: Option<String>,
    /// Bytes of linear memory that an instance may have.
    pub(super) max_memory: Option<NonZeroUsize>,
    #[serde(flatten)]
    unknown: Table,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Logs {
    pub(super) stdout: Option<String>,
    pub(super) stderr: Option<String>,
}

/// What is said of a key that this host doesn't know.
pub(super) fn unknown(key: &str) -> Problem {
    Problem::new(format!(
        "spin.toml uses `{key}`; run this application with `spin up`"
    ))
}

impl Manifest {
    /// Names everything that this host doesn't know.
    pub(super) fn refuse_unknown(&self, problems: &mut Vec<Problem>) {
        /// Keys that say nothing about how an application runs.
        const APPLICATION: [&str; 4] = ["version", "description", "authors", "tool"];
        const COMPONENT: [&str; 2] = ["description", "build"];
        const TRIGGER: [&str; 1] = ["id"];

        if self.spin_manifest_version.as_integer() != Some(2) {
            problems.push(unknown(&format!(
                "spin_manifest_version = {}",
                self.spin_manifest_version
            )));
        }
        let mut refuse = |prefix: &str, table: &Table, harmless: &[&str]| {
            let names = table.keys().filter(|key| !harmless.contains(&key.as_str()));
            problems.extend(names.map(|key| unknown(&format!("{prefix}{key}"))));
        };
        refuse("", &self.unknown, &[]);
        refuse("application.", &self.application.unknown, &APPLICATION);
        refuse("trigger.", &self.trigger.unknown, &[]);
        for trigger in &self.trigger.http {
            refuse("trigger.http.", &trigger.unknown, &TRIGGER);
        }
        for (name, variable) in &self.variables {
            refuse(
                &format!("variables.{name}."),
                &variable.unknown,
                &["description"],
            );
        }
        for (name, component) in &self.component {
            refuse(
                &format!("component.{name}."),
                &component.unknown,
                &COMPONENT,
            );
            refuse(
                &format!("component.{name}.tool.vivarium."),
                &component.tool.vivarium.unknown,
                &[],
            );
        }
        for (name, variable) in &self.variables {
            if variable.required == variable.default.is_some() {
                problems.push(Problem::new(format!(
                    "variable `{name}` in spin.toml must have either a `default` or `required = true`"
                )));
            }
        }
        for trigger in &self.trigger.http {
            if matches!(trigger.route, Route::Private { private: false }) {
                problems.push(unknown("route = { private = false }"));
            }
        }
    }
}
