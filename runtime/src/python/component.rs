//! The python service as a Spin component: the same snapshot as the image, joined with the crate `component`.

mod join;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wit_component::ComponentEncoder;

use super::image::{ImageInfo, Snapshot};

/// Why there is no component.
#[derive(Debug, thiserror::Error)]
pub enum ComponentError {
    /// A file could not be read or written.
    #[error("can't read or write `{path}`")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// One of the two modules is not what it should be.
    #[error("the interpreter and `{service}` can't be joined")]
    Join {
        /// The compiled crate.
        service: PathBuf,
        /// Why.
        source: join::JoinError,
    },
    /// The joined module is no component.
    #[error(
        "`{service}` is not half of a component: {reason}\nhint: build it with `cargo xtask spin`"
    )]
    Encode {
        /// The compiled crate.
        service: PathBuf,
        /// Why.
        reason: String,
    },
}

/// Joins the compiled crate `component` with a snapshot, and writes `python.wasm` into a folder, and beside it the folder
/// `python` with what spin.toml mounts.
pub fn write(service: &Path, snapshot: &Snapshot, into: &Path) -> Result<PathBuf, ComponentError> {
    let file = |path: &Path| {
        let path = path.to_owned();
        move |source| ComponentError::File { path, source }
    };
    let half = fs::read(service).map_err(file(service))?;
    let interpreter = fs::read(&snapshot.path).map_err(file(&snapshot.path))?;
    let joined = join::join(&half, &interpreter).map_err(|source| ComponentError::Join {
        service: service.to_owned(),
        source,
    })?;
    drop(interpreter);
    let encoded = ComponentEncoder::default()
        .module(&joined)
        .and_then(|encoder| encoder.validate(true).encode());
    let encoded = encoded.map_err(|error| ComponentError::Encode {
        service: service.to_owned(),
        reason: format!("{error:#}"),
    })?;

    let library = into.join("python");
    let component = into.join("python.wasm");
    fs::create_dir_all(&library).map_err(file(&library))?;
    let lib = library.join("lib");
    copy_folder(&snapshot.artifacts.lib(), &lib).map_err(file(&lib))?;
    let mpl_data = library.join("mpl-data");
    copy_folder(&snapshot.artifacts.mpl_data(), &mpl_data).map_err(file(&mpl_data))?;
    let described = library.join("image.json");
    let info = ImageInfo {
        compiled_bytes: encoded.len() as u64,
        ..snapshot.info.clone()
    };
    let json = serde_json::to_vec_pretty(&info).expect("plain data serialises");
    fs::write(&described, json).map_err(file(&described))?;
    fs::write(&component, encoded).map_err(file(&component))?;
    Ok(component)
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &to)?,
            false => _ = fs::copy(entry.path(), to)?,
        }
    }
    Ok(())
}
