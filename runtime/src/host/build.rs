//! From a manifest's path to components that can be called.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, Weak};

use tokio::sync::watch;
use wasmtime::Engine;
use wasmtime_wasi_http::handler::ProxyHandler;

use super::component;
use super::error::{HostError, Problem};
use super::instance::Blueprint;
use super::logs::Log;
use super::manifest::{Component, Manifest};
use super::network::Network;
use super::outbound::AllowedHost;
use super::outbound_http::OutboundHttp;
use super::routes::Routes;
use super::settings::{self, Settings};
use super::sqlite::Database;
use super::worker::Workers;

/// What all components of an application share while they are loaded.
pub(super) struct Loader {
    pub(super) data: PathBuf,
    pub(super) variables: Vec<(String, String)>,
    pub(super) slot: Arc<OnceLock<Weak<Network>>>,
    pub(super) busy: Arc<watch::Sender<usize>>,
}

/// A component whose part of the manifest has been worked out.
struct Planned {
    component: Component,
    settings: Settings,
    allowed: Vec<AllowedHost>,
}

impl Loader {
    /// Reads the manifest and loads every component; blocks.
    pub(super) fn load(self, path: &Path) -> Result<(Routes<String>, HashMap<String, ProxyHandler<Workers>>), HostError> {
        let manifest = read_manifest(path)?;
        for name in settings::strays(&manifest.variables, environment_names()) {
            tracing::warn!("`{name}` is set, but spin.toml declares no such variable");
        }
        let settings = Settings::resolve(&manifest.variables, &self.variables, |name| std::env::var(name).ok())
            .map_err(HostError::Application)?;
        let planned = plan(manifest.components, &settings)?;
        let logs = make_dir(self.data.join("logs"))?;
        let databases = self.open_databases(planned.values().flat_map(|planned| &planned.component.sqlite_databases))?;
        let engine = component::engine()?;
        let mut components = HashMap::new();
        for (name, planned) in planned {
            let blueprint = self.blueprint(&engine, &name, planned, &logs, &databases)?;
            components.insert(name, ProxyHandler::new(Workers::new(blueprint, Arc::clone(&self.busy))));
        }
        Ok((Routes::new(manifest.routes), components))
    }

    fn open_databases<'a>(&self, names: impl Iterator<Item = &'a String>) -> Result<BTreeMap<String, Arc<Database>>, HostError> {
        let mut databases = BTreeMap::new();
        for name in names {
            let path = make_dir(self.data.join("sqlite"))?.join(format!("{name}.db"));
            if !databases.contains_key(name) {
                let database = Database::open(&path).map_err(|source| HostError::Database { path, source })?;
                databases.insert(name.clone(), Arc::new(database));
            }
        }
        Ok(databases)
    }

    fn blueprint(
        &self,
        engine: &Engine,
        name: &str,
        planned: Planned,
        logs: &Path,
        databases: &BTreeMap<String, Arc<Database>>,
    ) -> Result<Blueprint, HostError> {
        let Planned { component, settings, allowed } = planned;
        for mount in &component.files {
            // Each instance opens the folder; a missing one is better found now.
            fs::read_dir(&mount.source).map_err(|source| HostError::File { action: "read", path: mount.source.clone(), source })?;
        }
        let databases = databases.iter().filter(|(name, _)| component.sqlite_databases.contains(name));
        Ok(Blueprint {
            engine: engine.clone(),
            pre: component::load(engine, name, &component.source)?,
            outbound: OutboundHttp { component: name.into(), allowed: allowed.into(), network: Arc::clone(&self.slot) },
            settings: Arc::new(settings),
            databases: Arc::new(databases.map(|(name, database)| (name.clone(), Arc::clone(database))).collect()),
            files: component.files,
            environment: component.environment.into_iter().collect(),
            stdout: open_log(logs.join(component.stdout))?,
            stderr: open_log(logs.join(component.stderr))?,
        })
    }
}

fn read_manifest(path: &Path) -> Result<Manifest, HostError> {
    let text = fs::read_to_string(path).map_err(|source| HostError::File { action: "read", path: path.to_owned(), source })?;
    let base = path.parent().unwrap_or(Path::new(""));
    Manifest::parse(&text, base).map_err(HostError::Application)
}

fn plan(components: BTreeMap<String, Component>, settings: &Settings) -> Result<BTreeMap<String, Planned>, HostError> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut planned = BTreeMap::new();
    for (name, component) in components {
        let own = settings.of_component(&name, &component).unwrap_or_else(|found| {
            problems.extend(found);
            Settings::default()
        });
        let mut allowed = Vec::new();
        for template in &component.allowed_outbound_hosts {
            let entry = settings
                .expand(template, &format!("`allowed_outbound_hosts` of component `{name}`"))
                .and_then(|entry| AllowedHost::parse(&entry).map_err(Problem::new));
            match entry {
                Ok(entry) => allowed.push(entry),
                Err(problem) => problems.push(problem),
            }
        }
        planned.insert(name, Planned { component, settings: own, allowed });
    }
    if problems.is_empty() { Ok(planned) } else { Err(HostError::Application(problems)) }
}

fn make_dir(path: PathBuf) -> Result<PathBuf, HostError> {
    match fs::create_dir_all(&path) {
        Ok(()) => Ok(path),
        Err(source) => Err(HostError::File { action: "make", path, source }),
    }
}

fn open_log(path: PathBuf) -> Result<Log, HostError> {
    Log::open(&path).map_err(|source| HostError::File { action: "open", path, source })
}

fn environment_names() -> impl Iterator<Item = String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok())
}
