//! What is in `deploy/` must be what Spin and SpinKube accept, and fit spin.toml: nothing else runs it.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::harness::root;

/// Every key that is known at a place in a document of a kind, of those places that ours have. `SpinApp` and
/// `SpinAppExecutor` are as in spin-operator v0.6.1, `config/crd/bases`.
const KNOWN: &[(&str, &[&str])] = &[
    (
        "SpinAppExecutor",
        &["apiVersion", "kind", "metadata", "spec"],
    ),
    ("SpinAppExecutor.metadata", &["name"]),
    (
        "SpinAppExecutor.spec",
        &["createDeployment", "deploymentConfig"],
    ),
    (
        "SpinAppExecutor.spec.deploymentConfig",
        &[
            "runtimeClassName",
            "spinImage",
            "caCertSecret",
            "installDefaultCACerts",
            "otel",
        ],
    ),
    ("SpinApp", &["apiVersion", "kind", "metadata", "spec"]),
    ("SpinApp.metadata", &["name"]),
    (
        "SpinApp.spec",
        &[
            "executor",
            "image",
            "imagePullSecrets",
            "checks",
            "replicas",
            "enableAutoscaling",
            "runtimeConfig",
            "volumes",
            "volumeMounts",
            "variables",
            "serviceAnnotations",
            "deploymentAnnotations",
            "podAnnotations",
            "podLabels",
            "resources",
            "components",
            "serviceAccountName",
            "invocationLimits",
        ],
    ),
    ("SpinApp.spec.variables", &["name", "value", "valueFrom"]),
    ("SpinApp.spec.variables.valueFrom", &["secretKeyRef"]),
    (
        "SpinApp.spec.variables.valueFrom.secretKeyRef",
        &["name", "key", "optional"],
    ),
    (
        "SpinApp.spec.runtimeConfig",
        &[
            "loadFromSecret",
            "sqliteDatabases",
            "keyValueStores",
            "llmCompute",
        ],
    ),
    ("SpinApp.spec.resources", &["requests", "limits"]),
    ("SpinApp.spec.resources.requests", &["cpu", "memory"]),
    ("SpinApp.spec.resources.limits", &["cpu", "memory"]),
    ("SpinApp.spec.checks", &["readiness", "liveness"]),
    ("SpinApp.spec.checks.readiness", PROBE),
    (
        "SpinApp.spec.checks.readiness.httpGet",
        &["path", "httpHeaders"],
    ),
    ("SpinApp.spec.checks.liveness", PROBE),
    (
        "SpinApp.spec.checks.liveness.httpGet",
        &["path", "httpHeaders"],
    ),
    ("SpinApp.spec.volumes", &["name", "persistentVolumeClaim"]),
    (
        "SpinApp.spec.volumes.persistentVolumeClaim",
        &["claimName", "readOnly"],
    ),
    (
        "SpinApp.spec.volumeMounts",
        &["name", "mountPath", "subPath", "readOnly"],
    ),
    (
        "PersistentVolumeClaim",
        &["apiVersion", "kind", "metadata", "spec"],
    ),
    ("PersistentVolumeClaim.metadata", &["name"]),
    (
        "PersistentVolumeClaim.spec",
        &["accessModes", "resources", "storageClassName"],
    ),
    ("PersistentVolumeClaim.spec.resources", &["requests"]),
    (
        "PersistentVolumeClaim.spec.resources.requests",
        &["storage"],
    ),
    ("Secret", &["apiVersion", "kind", "metadata", "stringData"]),
    ("Secret.metadata", &["name"]),
    ("Secret.stringData", &["runtime-config.toml"]),
];

const PROBE: &[&str] = &[
    "httpGet",
    "initialDelaySeconds",
    "timeoutSeconds",
    "periodSeconds",
    "successThreshold",
    "failureThreshold",
];

/// What Spin 4.1 reads in a runtime config, of that which concerns us. It refuses what it does not know.
const RUNTIME_CONFIG: &[&str] = &[
    "state_dir",
    "log_dir",
    "max_instance_memory",
    "sqlite_database",
    "key_value_store",
];

#[test]
fn it_has_only_fields_that_kubernetes_knows() {
    let mut fields = Vec::new();
    for document in documents() {
        let kind = text(&document["kind"]).to_owned();
        collect(&kind, &document, &mut fields);
    }
    let unknown: Vec<_> = fields
        .iter()
        .filter(|(place, field)| {
            !KNOWN
                .iter()
                .any(|(known, keys)| known == place && keys.contains(&field.as_str()))
        })
        .collect();
    assert!(unknown.is_empty(), "not in the table: {unknown:?}");
}

#[test]
fn what_it_names_is_there() {
    let spec = spin_app();
    for (kind, named) in [
        ("SpinAppExecutor", &spec["executor"]),
        ("Secret", &spec["runtimeConfig"]["loadFromSecret"]),
        (
            "PersistentVolumeClaim",
            &spec["volumes"][0]["persistentVolumeClaim"]["claimName"],
        ),
    ] {
        assert_eq!(&document(kind)["metadata"]["name"], named, "{kind}");
    }
}

#[test]
fn every_variable_is_declared_and_no_secret_is_in_the_file() {
    let declared = &manifest()["variables"];
    for variable in spin_app()["variables"].as_array().unwrap() {
        let name = text(&variable["name"]);
        let declaration = declared.get(name).unwrap_or_else(|| panic!("{name}"));
        if declaration.get("secret").is_some() {
            assert_eq!(variable.get("value"), None, "{name}");
        }
    }
}

#[test]
fn the_secret_holds_the_runtime_config() {
    let secret = document("Secret");
    let held = text(&secret["stringData"]["runtime-config.toml"]);
    assert_eq!(toml::from_str::<toml::Table>(held), Ok(runtime_config()));
}

#[test]
fn the_runtime_config_has_the_stores_that_the_components_use() {
    let config = runtime_config();
    for key in config.keys() {
        assert!(RUNTIME_CONFIG.contains(&key.as_str()), "{key}");
    }
    for (table, used_as) in [
        ("sqlite_database", "sqlite_databases"),
        ("key_value_store", "key_value_stores"),
    ] {
        let configured: BTreeSet<_> = config[table].as_table().unwrap().keys().cloned().collect();
        let used: BTreeSet<_> = manifest()["component"]
            .as_table()
            .unwrap()
            .values()
            .filter_map(|component| component.get(used_as)?.as_array())
            .flatten()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        assert_eq!(configured, used, "{table}");
    }
}

#[test]
fn files_are_on_the_volume_and_have_one_writer() {
    let (config, spec) = (runtime_config(), spin_app());
    for table in ["sqlite_database", "key_value_store"] {
        let store = &config[table]["default"];
        assert_eq!(store["type"].as_str(), Some("spin"), "{table}");
        let path = store["path"].as_str().unwrap();
        let mounts = spec["volumeMounts"].as_array().unwrap();
        assert!(
            mounts
                .iter()
                .any(|mount| path.starts_with(&format!("{}/", text(&mount["mountPath"])))),
            "{path}"
        );
    }
    assert_eq!(spec["replicas"], 1);
}

#[test]
fn an_instance_may_have_the_memory_of_a_program() {
    let most = runtime_config()["max_instance_memory"]
        .as_integer()
        .unwrap();
    let default = default_of("python_executor_memory");
    assert!(most > default, "{most} is not more than {default}");
    assert!(most > variable("python_executor_memory"));
}

/// Spin ends no program that computes, so it may take all of its time without a fault.
#[test]
fn a_pod_is_restarted_only_after_the_time_that_a_program_may_take() {
    let liveness = &spin_app()["checks"]["liveness"];
    let patience = number(&liveness["periodSeconds"]) * number(&liveness["failureThreshold"]);
    let longest = variable("python_executor_max_timeout");
    assert!(
        patience > longest,
        "{patience} s is not more than {longest} s"
    );
}

#[test]
fn a_thread_is_left_when_every_program_computes() {
    let threads: i64 = text(&spin_app()["resources"]["limits"]["cpu"])
        .parse()
        .unwrap();
    let programs = variable("api_max_concurrent");
    assert!(0 < programs && programs < threads, "{programs}, {threads}");
}

/// Every field below a value, with the place it is at; items of a list are at the list's.
fn collect(place: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (field, below) in object {
                fields.push((place.to_owned(), field.clone()));
                collect(&format!("{place}.{field}"), below, fields);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect(place, item, fields);
            }
        }
        _ => {}
    }
}

fn documents() -> Vec<Value> {
    let text = fs::read_to_string(root().join("deploy/kubernetes.yaml")).unwrap();
    serde_saphyr::from_multiple(&text).unwrap()
}

/// The only one of a kind.
fn document(kind: &str) -> Value {
    let mut found = documents();
    found.retain(|document| document["kind"] == kind);
    assert_eq!(found.len(), 1, "{kind}");
    found.remove(0)
}

fn spin_app() -> Value {
    document("SpinApp")["spec"].take()
}

fn runtime_config() -> toml::Table {
    read_toml("deploy/runtime-config.toml")
}

fn manifest() -> toml::Table {
    read_toml("spin.toml")
}

fn read_toml(path: &str) -> toml::Table {
    toml::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

fn default_of(name: &str) -> i64 {
    let default = &manifest()["variables"][name]["default"];
    default.as_str().unwrap().parse().unwrap()
}

/// A variable as it is on Kubernetes.
fn variable(name: &str) -> i64 {
    let set = spin_app()["variables"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|variable| {
            (variable["name"] == name).then(|| text(&variable["value"]).parse().unwrap())
        });
    set.unwrap_or_else(|| default_of(name))
}

fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no string"))
}

fn number(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}
