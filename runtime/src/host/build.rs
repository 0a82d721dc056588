//! From a plan to components that can be called.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, Weak};

use wasmtime::Engine;
use wasmtime_wasi_http::handler::ProxyHandler;

use super::component;
use super::error::HostError;
use super::instance::Blueprint;
use super::logs::Log;
use super::network::Network;
use super::outbound_http::OutboundHttp;
use super::plan::Planned;
use super::sqlite::{Database, Databases};
use super::worker::{Load, Workers};
use crate::cache;

/// What all components of an application share while they are loaded.
pub(super) struct Loader {
    pub(super) data: PathBuf,
    pub(super) slot: Arc<OnceLock<Weak<Network>>>,
    pub(super) load: Arc<Load>,
}

impl Loader {
    /// Loads every component; blocks.
    pub(super) fn load(
        self,
        planned: BTreeMap<String, Planned>,
    ) -> Result<HashMap<String, ProxyHandler<Workers>>, HostError> {
        let logs = make_dir(self.data.join("logs"))?;
        let databases = self.open_databases(
            planned
                .values()
                .flat_map(|planned| &planned.component.sqlite_databases),
        )?;
        let engine = component::engine()?;
        let mut components = HashMap::new();
        for (name, planned) in planned {
            let blueprint = self.blueprint(&engine, &name, planned, &logs, &databases)?;
            components.insert(
                name,
                ProxyHandler::new(Workers::new(blueprint, Arc::clone(&self.load))),
            );
        }
        Ok(components)
    }

    fn open_databases<'a>(
        &self,
        names: impl Iterator<Item = &'a String>,
    ) -> Result<Databases, HostError> {
        let mut databases = Databases::new();
        for name in names {
            if !databases.contains_key(name) {
                let path = make_dir(self.data.join("sqlite"))?.join(format!("{name}.db"));
                let database =
                    Database::open(&path).map_err(|source| HostError::Database { path, source })?;
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
        databases: &Databases,
    ) -> Result<Blueprint, HostError> {
        let Planned {
            component,
            settings,
            allowed,
            reach,
        } = planned;
        let network = Arc::clone(&self.slot);
        let may_open = |database: &String| component.sqlite_databases.contains(database);
        let databases = databases.iter().filter(|(database, _)| may_open(database));
        Ok(Blueprint {
            engine: engine.clone(),
            pre: component::load(engine, name, &component.source)?,
            outbound: OutboundHttp {
                component: name.into(),
                allowed: allowed.into(),
                reach,
                network,
            },
            settings: Arc::new(settings),
            databases: Arc::new(
                databases
                    .map(|(name, database)| (name.clone(), Arc::clone(database)))
                    .collect(),
            ),
            files: component.files,
            environment: component.environment.into_iter().collect(),
            stdout: open_log(logs.join(component.stdout))?,
            stderr: open_log(logs.join(component.stderr))?,
        })
    }
}

fn make_dir(path: PathBuf) -> Result<PathBuf, HostError> {
    // What programs and models said is nobody else's business.
    match cache::create_private_dir(&path) {
        Ok(()) => Ok(path),
        Err(source) => Err(HostError::File {
            action: "make",
            path,
            source,
        }),
    }
}

fn open_log(path: PathBuf) -> Result<Log, HostError> {
    Log::open(&path).map_err(|source| HostError::File {
        action: "open",
        path,
        source,
    })
}
