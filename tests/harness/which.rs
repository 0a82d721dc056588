//! Which python service the tests are about.

use std::path::Path;

use super::root;

/// Set by `cargo xtask test --python`.
const VARIABLE: &str = "VIVARIUM_TEST_PYTHON";

/// The two services that speak the same protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// In the server's process, or one of its own.
    Native,
    /// The Spin component, in the embedded host.
    Component,
}

impl Which {
    /// The one that this run of the tests is about.
    pub(crate) fn tested() -> Self {
        match std::env::var(VARIABLE).as_deref() {
            Ok("component") => Self::Component,
            _ => Self::Native,
        }
    }

    /// For `vivarium serve`.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Native => &[],
            Self::Component => &["--python", "component"],
        }
    }
}

/// A manifest of the component alone, with a route that anybody may use.
pub(crate) fn component_alone(folder: &Path) -> std::path::PathBuf {
    let spin = root().join("target/spin");
    let component = spin.join("python.wasm");
    assert!(
        component.is_file(),
        "{} is missing: run `cargo xtask spin`",
        component.display()
    );
    let manifest = folder.join("spin.toml");
    let text = format!(
        "spin_manifest_version = 2\n\
         [application]\nname = \"python\"\n\
         [[trigger.http]]\nroute = \"/...\"\ncomponent = \"python\"\n\
         [component.python]\nsource = {component:?}\n\
         files = [{{ source = {:?}, destination = \"/python\" }}]\n\
         key_value_stores = [\"default\"]\n\
         [component.python.tool.vivarium]\nmax_memory = 4294967296\n",
        spin.join("python")
    );
    std::fs::write(&manifest, text).expect("the folder is ours");
    manifest
}
