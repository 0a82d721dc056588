//! Keeps the linker from making a component: this is half of one, and `vivarium image --component` makes the whole.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        println!("cargo:rustc-link-arg-cdylib=--skip-wit-component");
    }
}
