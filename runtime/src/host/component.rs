//! Components as files: compiling them, keeping what was compiled, and looking what they import.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use wasmtime::component::Component;
use wasmtime::{Cache, CacheConfig, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};
use wasmtime_wasi_http::handler::ProxyPre;
use wasmtime_wasi_http::{p2, p3};

use super::error::{HostError, Problem};
use super::instance::{State, linker};
use crate::cache;

/// How often a computing component lets others run.
const TICK: Duration = Duration::from_millis(10);

/// What a component may import, by the beginning of its name.
const IMPORTS: [&str; 10] = [
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:http/",
    "wasi:io/",
    "wasi:keyvalue/",
    "wasi:random/",
    "wasi:sockets/",
    "spin:sqlite/sqlite@3.",
    "spin:variables/variables@3.",
];

/// The engine for components, with a clock that lasts as long as it does.
pub(super) fn engine() -> Result<Engine, HostError> {
    let mut config = crate::engine::config();
    match compilation_cache() {
        Ok(cache) => _ = config.cache(Some(cache)),
        Err(error) => tracing::warn!("components are compiled at each start: {error:#}"),
    }
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    let engine = Engine::new(&config).map_err(HostError::Engine)?;
    let clock = engine.weak();
    std::thread::spawn(move || {
        while let Some(engine) = clock.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    });
    Ok(engine)
}

/// Room for more instances than there are connections' worth of requests: what is not used costs addresses, and no memory.
fn pool() -> PoolingAllocationConfig {
    const INSTANCES: u32 = 256;
    /// A component is made of a few modules: itself, and what wit-component puts around it.
    const MODULES: u32 = 8;
    let mut pool = crate::engine::pool();
    pool.total_component_instances(INSTANCES)
        .total_core_instances(INSTANCES * MODULES)
        .total_memories(INSTANCES * 3)
        .total_gc_heaps(INSTANCES)
        .total_tables(INSTANCES * MODULES)
        .total_stacks(INSTANCES * 2)
        // The interpreter's, beside those of the service that it is joined with.
        .max_memories_per_module(2)
        .max_tables_per_module(2);
    pool
}

fn compilation_cache() -> anyhow::Result<Cache> {
    let dir = cache::dir()?.join("components");
    cache::create_private_dir(&dir)?;
    anyhow::ensure!(
        cache::is_private(&dir)?,
        "others than this user can write `{}`",
        dir.display()
    );
    let mut config = CacheConfig::new();
    config.with_directory(dir);
    Ok(Cache::new(config)?)
}

/// Whether a file begins as a component does; the rest is found out when it is loaded.
pub(super) fn looks_like_one(source: &Path) -> std::io::Result<bool> {
    const BEGINNING: &[u8; 8] = b"\0asm\x0d\0\x01\0";
    let mut beginning = Vec::new();
    File::open(source)?
        .take(BEGINNING.len() as u64)
        .read_to_end(&mut beginning)?;
    Ok(beginning == BEGINNING)
}

/// Compiles and links a component; takes seconds the first time.
pub(super) fn load(
    engine: &Engine,
    name: &str,
    source: &Path,
) -> Result<ProxyPre<State>, HostError> {
    let bytes = std::fs::read(source).map_err(|error| HostError::File {
        action: "read",
        path: source.to_owned(),
        source: error,
    })?;
    let failed = |source| HostError::Component {
        component: name.to_owned(),
        source,
    };
    let component = Component::new(engine, bytes).map_err(failed)?;
    refuse_unknown_imports(engine, name, &component)?;
    let pre = linker(engine)
        .and_then(|linker| linker.instantiate_pre(&component))
        .map_err(failed)?;
    let asynchronous = component
        .component_type()
        .exports(engine)
        .any(|(export, _)| export.starts_with("wasi:http/handler@0.3"));
    if asynchronous {
        p3::bindings::ServicePre::new(pre)
            .map(ProxyPre::P3)
            .map_err(failed)
    } else {
        p2::bindings::ProxyPre::new(pre)
            .map(ProxyPre::P2)
            .map_err(failed)
    }
}

fn refuse_unknown_imports(
    engine: &Engine,
    name: &str,
    component: &Component,
) -> Result<(), HostError> {
    let problems: Vec<Problem> = component
        .component_type()
        .imports(engine)
        .filter(|(import, _)| !IMPORTS.iter().any(|known| import.starts_with(known)))
        .map(|(import, _)| {
            Problem::new(format!(
                "component `{name}` imports `{import}`, which this host doesn't have"
            ))
            .hint("run this application with `spin up`")
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(HostError::Application(problems))
    }
}
