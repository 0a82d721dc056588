//! spin.toml, as far as this host knows it.
//!
//! What the host doesn't know is refused by name, never ignored: an application that is served
//! half is worse than one that is not. All problems are found before any is reported.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::error::Problem;
use super::routes::Route;

mod schema;

/// An application, checked.
#[derive(Debug)]
pub(super) struct Manifest {
    /// The application's own variables, in the order of their names.
    pub(super) variables: BTreeMap<String, Declaration>,
    /// Public routes, each with the name of its component.
    pub(super) routes: Vec<(Route, String)>,
    /// By name.
    pub(super) components: BTreeMap<String, Component>,
}

/// How an application variable is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declaration {
    /// Absent where the variable must be set.
    pub(super) default: Option<String>,
}

/// A component, with paths as they are found on this machine.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) source: PathBuf,
    /// Templates.
    pub(super) allowed_outbound_hosts: Vec<String>,
    /// A template that says whether it may connect to private addresses only.
    pub(super) private_outbound: Option<String>,
    pub(super) sqlite_databases: Vec<String>,
    pub(super) key_value_stores: Vec<String>,
    /// Bytes of linear memory that an instance may have, where it is not the usual.
    pub(super) max_memory: Option<NonZeroUsize>,
    pub(super) files: Vec<Mount>,
    /// Templates.
    pub(super) variables: BTreeMap<String, String>,
    pub(super) environment: BTreeMap<String, String>,
    /// Names of files in the folder of logs.
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// A folder that a component can read.
#[derive(Debug)]
pub(super) struct Mount {
    pub(super) source: PathBuf,
    pub(super) destination: String,
}

impl Manifest {
    /// Parses the text of a manifest that lies in the folder `base`.
    pub(super) fn parse(text: &str, base: &Path) -> Result<Self, Vec<Problem>> {
        let raw: schema::Manifest = toml::from_str(text).map_err(|error| {
            vec![Problem::new(format!(
                "spin.toml is not a manifest: {}",
                error.to_string().trim_end()
            ))]
        })?;
        let mut problems = Vec::new();
        raw.refuse_unknown(&mut problems);
        let routes = routes(&raw, &mut problems);
        let components = raw
            .component
            .into_iter()
            .map(|(name, component)| {
                let component = check_component(&name, component, base, &mut problems);
                (name, component)
            })
            .collect();
        let variables = raw
            .variables
            .into_iter()
            .map(|(name, v)| (name, Declaration { default: v.default }))
            .collect();
        if problems.is_empty() {
            Ok(Self {
                variables,
                routes,
                components,
            })
        } else {
            Err(problems)
        }
    }
}

impl Manifest {
    /// Forgets components, and the routes to them.
    pub(super) fn leave_out(&mut self, names: &BTreeSet<String>) {
        self.components.retain(|name, _| !names.contains(name));
        self.routes.retain(|(_, name)| !names.contains(name));
    }
}

fn routes(raw: &schema::Manifest, problems: &mut Vec<Problem>) -> Vec<(Route, String)> {
    let mut routes = Vec::new();
    for trigger in &raw.trigger.http {
        if !raw.component.contains_key(&trigger.component) {
            problems.push(Problem::new(format!(
                "a trigger in spin.toml names component `{}`, which is not there",
                trigger.component
            )));
        }
        // A private route makes a component reachable from the others only, and that it is anyway.
        if let schema::Route::Public(route) = &trigger.route {
            match Route::parse(route) {
                Ok(route) if routes.iter().any(|(other, _)| *other == route) => {
                    problems.push(Problem::new(format!(
                        "two triggers in spin.toml have route `{}`",
                        trigger.route
                    )));
                }
                Ok(route) => routes.push((route, trigger.component.clone())),
                Err(message) => problems.push(Problem::new(message)),
            }
        }
    }
    routes
}

fn check_component(
    name: &str,
    raw: schema::Component,
    base: &Path,
    problems: &mut Vec<Problem>,
) -> Component {
    let logs = raw.tool.vivarium.logs;
    let mut log = |stream: &str, given: Option<String>| {
        let file = given.unwrap_or_else(|| format!("{name}.{stream}.log"));
        if file.is_empty() || file.starts_with('.') || file.contains(['/', '\\']) {
            problems.push(Problem::new(format!(
                "`{file}`, where component `{name}` logs its {stream}, is not the name of a file"
            )));
        }
        file
    };
    let stdout = log("stdout", logs.stdout);
    let stderr = log("stderr", logs.stderr);
    let mut files = Vec::new();
    for mount in raw.files {
        match mount {
            schema::Files::Mount {
                source,
                destination,
            } => files.push(Mount {
                source: base.join(source),
                destination,
            }),
            schema::Files::Pattern(pattern) => problems.push(schema::unknown(&format!(
                "component.{name}.files = [\"{pattern}\"]"
            ))),
        }
    }
    let databases = raw.sqlite_databases.iter().map(|name| (name, "a database"));
    let stores = raw.key_value_stores.iter();
    let stores = stores.map(|name| (name, "a key-value store"));
    for (name, what) in databases.chain(stores) {
        if !is_file_stem(name) {
            problems.push(Problem::new(format!(
                "`{name}` is not the name of {what}: it may hold letters, digits, `-` and `_`"
            )));
        }
    }
    Component {
        source: base.join(raw.source),
        allowed_outbound_hosts: raw.allowed_outbound_hosts,
        private_outbound: raw.tool.vivarium.private_outbound,
        sqlite_databases: raw.sqlite_databases,
        key_value_stores: raw.key_value_stores,
        max_memory: raw.tool.vivarium.max_memory,
        files,
        variables: raw.variables,
        environment: raw.environment,
        stdout,
        stderr,
    }
}

/// Whether a file can be called so, on any system and with any ending.
fn is_file_stem(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    !name.is_empty() && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests;
