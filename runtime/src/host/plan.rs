//! A manifest with everything filled in, before anything is loaded.

use std::collections::BTreeMap;
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
    pub(super) fn read(path: &Path, overrides: &[(String, String)]) -> Result<Self, HostError> {
        let text = fs::read_to_string(path).map_err(|source| HostError::File {
            action: "read",
            path: path.to_owned(),
            source,
        })?;
        let base = path.parent().unwrap_or(Path::new(""));
        let manifest = Manifest::parse(&text, base).map_err(HostError::Application)?;
        let settings = Settings::resolve(&manifest.variables, overrides, |name| {
            std::env::var(name).ok().or_else(|| opentelemetry(name))
        })
        .map_err(HostError::Application)?;
        let environment = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let strays = settings::strays(&manifest.variables, environment).collect();
        let mut problems = Vec::new();
        let mut components = BTreeMap::new();
        for (name, component) in manifest.components {
            components.insert(
                name.clone(),
                Planned::new(&name, component, &settings, &mut problems),
            );
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
        problems.extend(
            problem.map(|problem| Problem::new(problem).hint("build it with `cargo xtask build`")),
        );
        for mount in component
            .files
            .iter()
            .filter(|mount| !mount.source.is_dir())
        {
            let problem = format!(
                "`files` of component `{name}`: there is no folder `{}`",
                mount.source.display()
            );
            problems
                .push(Problem::new(problem).hint("`cargo xtask build` makes those that are built"));
        }
        Self {
            component,
            settings: own,
            allowed,
            reach,
        }
    }
}
