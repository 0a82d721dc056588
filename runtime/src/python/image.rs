//! The image: CPython, started, with the packages imported, compiled for this machine.

mod build;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

pub use api::python::ImageInfo;
use sha2::{Digest as _, Sha256};
use wasmtime::{Engine, Module};

use super::guest;
use super::wheel::{self, Artifacts, WheelError};
use crate::cache;

/// Raise it when the way images are made changes.
const FORMAT: u32 = 1;

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
    let dir = cache::dir().map_err(|source| ImageError::Cache {
        path: "~/.cache/vivarium".into(),
        source,
    })?;
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| ImageError::Cache { path, source }
    };
    let key = key(engine);
    let compiled = dir.join(format!("image-{key}.cwasm"));
    let described = dir.join(format!("image-{key}.json"));

    let lock = dir.join("image.lock");
    let _lock = tokio::task::spawn_blocking(move || cache::lock(&lock))
        .await
        .expect("locking does not panic")
        .map_err(at(&dir))?;
    if wheel.is_none() && !wheel::folder(&dir).is_dir() {
        progress(Step::Fetch);
    }
    let artifacts = wheel::unpack(&dir, wheel)?;
    let was_cached = compiled.is_file() && described.is_file();
    if !was_cached {
        let started = Instant::now();
        let built = build::build(engine, &artifacts, progress).await?;
        let info = ImageInfo {
            build_seconds: started.elapsed().as_secs(),
            ..built.info
        };
        let json = serde_json::to_vec_pretty(&info).expect("plain data serialises");
        write_whole(&described, &json).map_err(at(&described))?;
        write_whole(&compiled, &built.compiled).map_err(at(&compiled))?;
    }
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
    hasher.0.update(FORMAT.to_le_bytes());
    hasher.0.update(wheel::SHA256);
    hasher.0.update(guest::prepare());
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
