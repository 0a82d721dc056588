//! Building an image: start the interpreter once, import, and make what it became into a module.

use std::collections::BTreeMap;
use std::fs;

use api::python::ImageInfo;
use serde::Deserialize;
use wasmtime::{Config, Engine, Module, OptLevel, Store};
use wasmtime_wizer::{WasmtimeWizer, Wizer};

use super::{ImageError, Progress, Step};
use crate::python::guest;
use crate::python::sandbox::{Workbench, linker};
use crate::python::wheel::Artifacts;

/// A new image.
pub(super) struct Built {
    pub(super) compiled: Vec<u8>,
    pub(super) info: ImageInfo,
}

/// What `prepare.py` prints.
#[derive(Deserialize)]
struct Contents {
    python_version: String,
    packages: BTreeMap<String, String>,
    preloaded: Vec<String>,
}

pub(super) async fn build(
    engine: &Engine,
    artifacts: &Artifacts,
    progress: Progress<'_>,
) -> Result<Built, ImageError> {
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

    progress(Step::Compile);
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
    drop(store);
    let compiled = engine
        .precompile_module(&snapshot)
        .map_err(ImageError::Compile)?;
    let info = ImageInfo {
        python_version: contents.python_version,
        packages: contents.packages,
        preloaded: contents.preloaded,
        memory_bytes,
        compiled_bytes: compiled.len() as u64,
        build_seconds: 0,
    };
    Ok(Built { compiled, info })
}

/// Code that runs once: what counts is the time to compile it.
fn config_for_one_run() -> Config {
    let mut config = crate::python::engine::config();
    config.epoch_interruption(false);
    config.cranelift_opt_level(OptLevel::None);
    config.cranelift_regalloc_algorithm(wasmtime::RegallocAlgorithm::SinglePass);
    config
}
