//! A manifest with everything filled in, before anything is loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::component::looks_like_one;
use super::error::{HostError, Problem};
use super::manifest::{Component, Manifest};
use super::outbound::AllowedHost;
use super::reach::Reach;
use super::routes::Route;
use super::settings::{self, Settings};

/// What the one who starts an application says of its components, by name.
#[derive(Default)]
pub(super) struct Parts {
    /// Those that somebody else stands in for: nothing of them need exist.
    pub(super) left_out: BTreeSet<String>,
    /// Those that must be there, each with what to do where it is not.
    pub(super) required: BTreeMap<String, String>,
}

/// What an application is to be.
pub(super) struct Plan {
    pub(super) routes: Vec<(Route, String)>,
    pub(super) components: BTreeMap<String, Planned>,
    /// Environment variables that were most likely meant to set something.
    pub(super) strays: Vec<String>,
}

/// What a component is to be.
pub(super) struct Planned {
    pub(super) component: Component,
    pub(super) settings: Settings,
    pub(super) allowed: Vec<AllowedHost>,
    pub(super) reach: Reach,
}

impl Plan {
    /// Reads a manifest, with `overrides` and this process's environment.
    pub(super) fn read(
        path: &Path,
        overrides: &[(String, String)],
        parts: &Parts,
    ) -> Result<Self, HostError> {
        let text = fs::read_to_string(path).map_err(|source| HostError::File {
            action: "read",
            path: path.to_owned(),
            source,
        })?;
        let base = path.parent().unwrap_or(Path::new(""));
        let mut manifest = Manifest::parse(&text, base).map_err(HostError::Application)?;
        manifest.leave_out(&parts.left_out);
        let settings = Settings::resolve(&manifest.variables, overrides, |name| {
            std::env::var(name).ok().or_else(|| opentelemetry(name))
        })
        .map_err(HostError::Application)?;
        let environment = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let strays = settings::strays(&manifest.variables, environment).collect();
        let mut problems = Vec::new();
        let mut components = BTreeMap::new();
        let missing = parts.required.iter();
        let missing = missing.filter(|(name, _)| !manifest.components.contains_key(*name));
        problems.extend(missing.map(|(name, hint)| {
            Problem::new(format!("spin.toml has no component `{name}`")).hint(hint)
        }));
        for (name, component) in manifest.components {
            let hint = parts.required.get(&name);
            let planned = Planned::new(&name, component, &settings, hint, &mut problems);
            components.insert(name, planned);
        }
        if problems.is_empty() {
            Ok(Self {
                routes: manifest.routes,
                components,
                strays,
            })
        } else {
            Err(HostError::Application(problems))
        }
    }
}

/// OpenTelemetry's own environment variables set the variables of the same names.
fn opentelemetry(name: &str) -> Option<String> {
    let name = name.strip_prefix(settings::PREFIX)?;
    let value = std::env::var(name).ok()?;
    (name.starts_with("OTEL_") && !value.is_empty()).then_some(value)
}

impl Planned {
    fn new(
        name: &str,
        component: Component,
        settings: &Settings,
        hint: Option<&String>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let own = settings
            .of_component(name, &component)
            .unwrap_or_else(|found| {
                problems.extend(found);
                Settings::default()
            });
        let mut allowed = Vec::new();
        for template in &component.allowed_outbound_hosts {
            let entry = settings
                .expand(
                    template,
                    &format!("`allowed_outbound_hosts` of component `{name}`"),
                )
                .and_then(|entry| AllowedHost::parse(&entry).map_err(Problem::new));
            match entry {
                Ok(entry) => allowed.push(entry),
                Err(problem) => problems.push(problem),
            }
        }
        let mut reach = Reach::Anywhere;
        if let Some(template) = &component.private_outbound {
            let what = format!("`private_outbound` of component `{name}`");
            match settings.expand(template, &what) {
                Ok(value) => reach = Reach::of(template, &value),
                Err(problem) => problems.push(problem),
            }
        }
        let source = component.source.display();
        let problem = match looks_like_one(&component.source) {
            Ok(true) => None,
            Ok(false) => Some(format!(
                "component `{name}` can't be loaded: `{source}` is not a WebAssembly component"
            )),
            Err(error) if error.kind() == ErrorKind::NotFound => Some(format!(
                "component `{name}` is missing: there is no `{source}`"
            )),
            Err(error) => Some(format!(
                "component `{name}` can't be read from `{source}`: {error}"
            )),
        };
        // Where somebody must make it first, its folders are not worth a word.
        let is_whole = problem.is_none() || hint.is_none();
        let build = hint.map_or("build it with `cargo xtask build`", String::as_str);
        problems.extend(problem.map(|problem| Problem::new(problem).hint(build)));
        for mount in component
            .files
            .iter()
            .filter(|mount| is_whole && !mount.source.is_dir())
        {
            let problem = format!(
                "`files` of component `{name}`: there is no folder `{}`",
                mount.source.display()
            );
            let build = hint.map_or(
                "`cargo xtask build` makes those that are built",
                String::as_str,
            );
            problems.push(Problem::new(problem).hint(build));
        }
        Self {
            component,
            settings: own,
            allowed,
            reach,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
        spin_manifest_version = 2
        application = { name = "a" }
        [[trigger.http]]
        route = "/python/..."
        component = "python"
        [component.python]
        source = "missing.wasm"
        files = [{ source = "missing", destination = "/lib" }]
    "#;

    fn read(manifest: &str, parts: &Parts) -> Result<Plan, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spin.toml");
        fs::write(&path, manifest).unwrap();
        let folder = folder.path().display().to_string();
        Plan::read(&path, &[], parts)
            .map_err(|error| error.to_string().replace(&folder, "[folder]"))
    }

    fn required() -> Parts {
        let hint = "make it";
        Parts {
            required: BTreeMap::from([("python".to_owned(), hint.to_owned())]),
            ..Parts::default()
        }
    }

    #[test]
    fn of_a_component_that_is_left_out_nothing_need_exist() {
        let parts = Parts {
            left_out: BTreeSet::from(["python".to_owned()]),
            ..Parts::default()
        };
        let plan = read(MANIFEST, &parts).unwrap();
        assert!(plan.components.is_empty() && plan.routes.is_empty());
    }

    #[test]
    fn of_a_component_that_is_required_one_line_says_what_is_missing() {
        insta::assert_snapshot!(read(MANIFEST, &required()).err().unwrap(), @r"
        component `python` is missing: there is no `[folder]/missing.wasm`
        hint: make it
        ");
        let without = "spin_manifest_version = 2\napplication.name = \"a\"";
        insta::assert_snapshot!(read(without, &required()).err().unwrap(), @r"
        spin.toml has no component `python`
        hint: make it
        ");
    }
}
