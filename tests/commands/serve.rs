//! `vivarium serve` that can't: one clear line with what to do, and exit status 1.

use std::path::Path;

use insta::assert_snapshot;

use crate::harness::{Server, redacted, root, vivarium, vivarium_in};

#[test]
fn a_port_in_use() {
    let server = Server::shared();
    let data = tempfile::tempdir().unwrap();
    let ended = vivarium(
        &[
            "serve",
            "--listen",
            server.process().address(),
            "--data",
            data.path().to_str().unwrap(),
        ],
        "",
    );
    redacted(|| assert_snapshot!(ended.expect(1).stderr.replace(port(server), "[port]")));
}

#[test]
fn no_manifest() {
    let folder = tempfile::tempdir().unwrap();
    redacted(|| {
        assert_snapshot!(
            vivarium_in(folder.path(), &["serve", "--listen", "127.0.0.1:0"])
                .expect(1)
                .stderr
        )
    });
}

#[test]
fn a_component_that_was_not_built() {
    let stderr = serve_manifest(|manifest| {
        manifest.replace("release/function.wasm", "release/missing.wasm")
    });
    redacted(|| assert_snapshot!(stderr));
}

#[test]
fn a_component_that_is_none() {
    let stderr = serve_manifest(|manifest| {
        manifest.replace("target/wasm32-wasip2/release/function.wasm", "spin.toml")
    });
    redacted(|| assert_snapshot!(stderr));
}

#[test]
fn a_manifest_that_is_not_toml() {
    redacted(|| assert_snapshot!(serve_manifest(|_| "spin_manifest_version = ".to_owned())));
}

#[test]
fn something_that_only_spin_can_do() {
    let stderr = serve_manifest(|manifest| {
        manifest.replace(
            "sqlite_databases = [\"default\"]",
            "sqlite_databases = [\"default\"]\nai_models = [\"llama2-chat\"]",
        )
    });
    assert!(stderr.contains("spin up"), "{stderr}");
    redacted(|| assert_snapshot!(stderr));
}

#[test]
fn a_variable_without_a_value() {
    let ended = vivarium(
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--variable",
            "api_token",
        ],
        "",
    );
    assert!(
        matches!(ended.status, Some(1 | 2)) && ended.stderr.contains("api_token"),
        "{ended}"
    );
}

#[test]
fn an_address_that_is_none() {
    let ended = vivarium(&["serve", "--listen", "nowhere"], "");
    assert!(
        matches!(ended.status, Some(1 | 2)) && ended.stderr.contains("nowhere"),
        "{ended}"
    );
}

/// Serves a changed copy of spin.toml, and gives what `vivarium serve` complains of.
fn serve_manifest(change: impl FnOnce(String) -> String) -> String {
    let folder = tempfile::tempdir().unwrap();
    let link = |name: &str| {
        std::os::unix::fs::symlink(root().join(name), folder.path().join(name)).unwrap()
    };
    link("prompts");
    link("target");
    let manifest = std::fs::read_to_string(root().join("spin.toml")).unwrap();
    std::fs::write(folder.path().join("spin.toml"), change(manifest)).unwrap();
    let stderr = vivarium_in(folder.path(), &["serve", "--listen", "127.0.0.1:0"])
        .expect(1)
        .stderr;
    without(&stderr, folder.path())
}

fn without(text: &str, folder: &Path) -> String {
    text.replace(folder.to_str().unwrap(), "[folder]")
}

fn port(server: &Server) -> &str {
    server.process().address().rsplit(':').next().unwrap()
}
