//! From a plan to components that can be called.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, Weak};

use tokio::runtime::Handle;
use wasmtime::Engine;
use wasmtime_wasi_http::handler::ProxyHandler;

use super::component;
use super::error::HostError;
use super::instance::Blueprint;
use super::key_value::{Store, Stores};
use super::logs::Log;
use super::memory;
use super::network::Network;
use super::outbound_http::OutboundHttp;
use super::plan::Planned;
use super::sqlite::{Database, Databases};
use super::threads::Threads;
use super::worker::{Life, Load, Workers};
use crate::cache;

/// What all components of an application share while they are loaded.
pub(super) struct Loader {
    pub(super) data: PathBuf,
    pub(super) slot: Arc<OnceLock<Weak<Network>>>,
    pub(super) load: Arc<Load>,
}

/// What an application is, once it is loaded.
pub(super) struct Loaded {
    /// By name.
    pub(super) components: HashMap<String, ProxyHandler<Workers>>,
    /// Where there is a component that needs them.
    pub(super) threads: Option<Threads>,
}

/// All that the components of an application may open, by name.
struct Opened {
    databases: Databases,
    stores: Stores,
}

impl Loader {
    /// Loads every component; blocks.
    pub(super) fn load(self, planned: BTreeMap<String, Planned>) -> Result<Loaded, HostError> {
        let logs = make_dir(self.data.join("logs"))?;
        let components = || planned.values().map(|planned| &planned.component);
        let opened = Opened {
            databases: self.open(
                "sqlite",
                components().flat_map(|component| &component.sqlite_databases),
                Database::open,
            )?,
            stores: self.open(
                "key_value",
                components().flat_map(|component| &component.key_value_stores),
                Store::open,
            )?,
        };
        let engine = component::engine()?;
        let mut components = HashMap::new();
        let mut threads = None;
        for (name, planned) in planned {
            let blueprint = self.blueprint(&engine, &name, planned, &logs, &opened)?;
            let runtime = match Life::of(&blueprint.pre) {
                Life::Long => Handle::current(),
                Life::OneRequest => match &threads {
                    Some(threads) => Threads::handle(threads),
                    None => threads.insert(Threads::start()?).handle(),
                },
            };
            let workers = Workers::new(blueprint, Arc::clone(&self.load), runtime);
            components.insert(name, ProxyHandler::new(workers));
        }
        Ok(Loaded {
            components,
            threads,
        })
    }

    /// Opens, each once, files of these names in a folder of their kind.
    fn open<'a, T>(
        &self,
        kind: &str,
        names: impl Iterator<Item = &'a String>,
        open: impl Fn(&Path) -> rusqlite::Result<T>,
    ) -> Result<BTreeMap<String, Arc<T>>, HostError> {
        let mut opened = BTreeMap::new();
        for name in names {
            if !opened.contains_key(name) {
                let path = make_dir(self.data.join(kind))?.join(format!("{name}.db"));
                let file = open(&path).map_err(|source| HostError::Database { path, source })?;
                opened.insert(name.clone(), Arc::new(file));
            }
        }
        Ok(opened)
    }

    fn blueprint(
        &self,
        engine: &Engine,
        name: &str,
        planned: Planned,
        logs: &Path,
        opened: &Opened,
    ) -> Result<Blueprint, HostError> {
        let Planned {
            component,
            settings,
            allowed,
            reach,
        } = planned;
        let network = Arc::clone(&self.slot);
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
            databases: named(&opened.databases, &component.sqlite_databases),
            stores: named(&opened.stores, &component.key_value_stores),
            max_memory: component.max_memory.map_or(memory::MAX_BYTES, Into::into),
            files: component.files,
            environment: component.environment.into_iter().collect(),
            stdout: open_log(logs.join(component.stdout))?,
            stderr: open_log(logs.join(component.stderr))?,
        })
    }
}

/// Those of these names.
fn named<T>(all: &BTreeMap<String, Arc<T>>, names: &[String]) -> Arc<BTreeMap<String, Arc<T>>> {
    let named = all.iter().filter(|(name, _)| names.contains(name));
    Arc::new(
        named
            .map(|(name, one)| (name.clone(), Arc::clone(one)))
            .collect(),
    )
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
