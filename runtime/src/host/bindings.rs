//! The interfaces of Spin that components import, made from the spin-sdk crate's own definitions.

wasmtime::component::bindgen!({
    path: "src/host/wit",
    world: "host",
    imports: { default: async },
    with: {
        "spin:sqlite/sqlite@3.1.0.connection": crate::host::sqlite::GuestConnection,
        "wasi:keyvalue/atomics@0.2.0-draft2.cas": crate::host::key_value::GuestCas,
        "wasi:keyvalue/store@0.2.0-draft2.bucket": crate::host::key_value::GuestBucket,
    },
});

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    /// The folder of the spin-sdk crate that the workspace is built with.
    fn spin_sdk() -> PathBuf {
        let cargo = std::env::var_os("CARGO").expect("cargo runs the tests");
        let output = Command::new(cargo)
            .args([
                "metadata",
                "--format-version=1",
                "--locked",
                "--filter-platform=wasm32-wasip2",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        let package = packages
            .iter()
            .find(|package| package["name"] == "spin-sdk")
            .unwrap();
        Path::new(package["manifest_path"].as_str().unwrap())
            .parent()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn definitions_are_those_of_the_sdk() {
        let sdk = spin_sdk();
        for file in [
            "spin-sqlite@3.1.0/sqlite.wit",
            "spin-variables@3.0.0/variables.wit",
            "wasi-keyvalue-2024-10-17/atomic.wit",
            "wasi-keyvalue-2024-10-17/batch.wit",
            "wasi-keyvalue-2024-10-17/store.wit",
            "wasi-keyvalue-2024-10-17/watch.wit",
            "wasi-keyvalue-2024-10-17/world.wit",
        ] {
            let ours = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src/host/wit/deps")
                .join(file);
            let theirs = sdk.join("wit/deps").join(file);
            assert_eq!(
                std::fs::read_to_string(ours).unwrap(),
                std::fs::read_to_string(theirs).unwrap(),
                "{file}"
            );
        }
    }
}
