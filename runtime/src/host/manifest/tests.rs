use super::*;
use crate::host::HostError;

const FULL: &str = include_str!("../../../../spin.toml");

fn problems(text: &str) -> String {
    HostError::Application(Manifest::parse(text, Path::new("")).unwrap_err()).to_string()
}

#[test]
fn this_application_is_known_whole() {
    let manifest = Manifest::parse(FULL, Path::new("/app")).unwrap();
    let function = &manifest.components["function"];
    assert!(function.source.starts_with("/app/target"));
    assert_eq!(
        (function.stdout.as_str(), function.stderr.as_str()),
        ("prompts.log", "function.log")
    );
    assert_eq!(
        function.private_outbound.as_deref(),
        Some("{{ python_coder_openinterpreter_offline }}")
    );
    assert_eq!(
        manifest.variables["python_executor_timeout"]
            .default
            .as_deref(),
        Some("30")
    );
    assert_eq!(manifest.routes.len(), 1);
}

#[test]
fn logs_have_names_of_their_own() {
    let text =
        "spin_manifest_version = 2\napplication.name = \"a\"\n[component.c]\nsource = \"c.wasm\"";
    let manifest = Manifest::parse(text, Path::new("")).unwrap();
    assert_eq!(manifest.components["c"].stdout, "c.stdout.log");
}

#[test]
fn a_private_route_is_not_public() {
    let text = r#"
        spin_manifest_version = 2
        application = { name = "a" }
        component = { c = { source = "c.wasm" } }
        trigger = { http = [{ route = { private = true }, component = "c" }] }
    "#;
    assert!(
        Manifest::parse(text, Path::new(""))
            .unwrap()
            .routes
            .is_empty()
    );
}

#[test]
fn everything_unknown_is_named_at_once() {
    let text = r#"
        spin_manifest_version = 2
        application = { name = "a", trigger = { http = { base = "/" } } }
        [variables]
        neither = {}
        [[trigger.redis]]
        channel = "x"
        [[trigger.http]]
        route = "x"
        component = "missing"
        executor = { type = "wagi" }
        [component.c]
        source = "c.wasm"
        key_value_stores = ["default", "../x"]
        ai_models = ["llama"]
        files = ["**/*.md"]
        sqlite_databases = ["../x"]
        dependencies = {}
        [component.c.tool.vivarium]
        logs = { stdout = "../x" }
    "#;
    insta::assert_snapshot!(problems(text), @r#"
    spin.toml uses `application.trigger`; run this application with `spin up`
    error: spin.toml uses `trigger.redis`; run this application with `spin up`
    error: spin.toml uses `trigger.http.executor`; run this application with `spin up`
    error: spin.toml uses `component.c.ai_models`; run this application with `spin up`
    error: spin.toml uses `component.c.dependencies`; run this application with `spin up`
    error: variable `neither` in spin.toml must have either a `default` or `required = true`
    error: a trigger in spin.toml names component `missing`, which is not there
    error: route `x` must begin with `/`
    error: `../x`, where component `c` logs its stdout, is not the name of a file
    error: spin.toml uses `component.c.files = ["**/*.md"]`; run this application with `spin up`
    error: `../x` is not the name of a database: it may hold letters, digits, `-` and `_`
    error: `../x` is not the name of a key-value store: it may hold letters, digits, `-` and `_`
    "#);
}

#[test]
fn a_component_says_what_it_needs_of_the_host() {
    let manifest = |memory: &str| {
        let text = format!(
            r#"
            spin_manifest_version = 2
            application = {{ name = "a" }}
            [[trigger.http]]
            route = {{ private = true }}
            component = "python"
            [component.python]
            source = "python.wasm"
            key_value_stores = ["default"]
            files = [{{ source = "lib", destination = "/lib" }}]
            [component.python.tool.vivarium]
            max_memory = {memory}
        "#
        );
        Manifest::parse(&text, Path::new("/app"))
    };
    let python = &manifest("4294967296").unwrap().components["python"];
    assert_eq!(python.key_value_stores, ["default"]);
    assert_eq!(python.files[0].source, Path::new("/app/lib"));
    assert_eq!(python.max_memory.map(NonZeroUsize::get), Some(4 << 30));
    for memory in ["0", "-1", r#""4 GiB""#] {
        manifest(memory).unwrap_err();
    }
}

#[test]
fn what_is_not_toml_says_where() {
    insta::assert_snapshot!(problems("spin_manifest_version = 2\n[application\n"), @r"
    spin.toml is not a manifest: TOML parse error at line 2, column 13
      |
    2 | [application
      |             ^
    unclosed table, expected `]`
    ");
}
