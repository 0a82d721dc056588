//! spin.toml, as far as this host knows it.
//!
//! What the host doesn't know is refused by name, never ignored: an application that is served
//! half is worse than one that is not. All problems are found before any is reported.

use std::collections::BTreeMap;
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
    for database in &raw.sqlite_databases {
        if !database
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            || database.is_empty()
        {
            problems.push(Problem::new(format!(
                "`{database}` is not the name of a database: it may hold letters, digits, `-` and `_`"
            )));
        }
    }
    Component {
        source: base.join(raw.source),
        allowed_outbound_hosts: raw.allowed_outbound_hosts,
        private_outbound: raw.tool.vivarium.private_outbound,
        sqlite_databases: raw.sqlite_databases,
        files,
        variables: raw.variables,
        environment: raw.environment,
        stdout,
        stderr,
    }
}

#[cfg(test)]
mod tests;
