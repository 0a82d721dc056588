//! The settings: every one with its value, its meaning and how it is changed; what can be imported.

use std::collections::BTreeSet;

use api::config::{Config, Setting};

use crate::harness::{Browser, Server, root};

fn config(server: &Server) -> Config {
    server.http().get("/api/config").expect(200).json()
}

/// As it is shown, without the marks of code.
fn plain(setting: &Setting) -> [String; 3] {
    let value = match setting.value.as_str() {
        "" => "(empty)".to_owned(),
        value => value.to_owned(),
    };
    [
        setting.name.clone(),
        value,
        setting.meaning.replace('`', ""),
    ]
}

#[test]
fn every_variable_is_there_with_its_value_and_meaning() {
    let server = Server::with()
        .variable("python_executor_timeout", 45)
        .start();
    let page = Browser::open(&server, "/settings");
    page.find(".setting").axe();
    let shown = page.script(
        "return [...document.querySelectorAll('.setting')].map((row) =>
             ['h3', '.setting-is > span', '.setting-what p'].map((part) => row.querySelector(part).innerText))",
    );
    let shown: BTreeSet<[String; 3]> = serde_json::from_value(shown).unwrap();
    let known: BTreeSet<_> = config(&server).settings.iter().map(plain).collect();
    assert_eq!(shown, known);
    let manifest = std::fs::read_to_string(root().join("spin.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&manifest).unwrap();
    let declared: BTreeSet<_> = manifest["variables"].as_table().unwrap().keys().collect();
    assert_eq!(
        shown.iter().map(|[name, ..]| name).collect::<BTreeSet<_>>(),
        declared
    );
    page.click_text("Change python_executor_timeout")
        .sees("SPIN_VARIABLE_PYTHON_EXECUTOR_TIMEOUT=45")
        .sees("--variable python_executor_timeout=45")
        .axe();
    page.sees("In force");
    assert_eq!(page.text(".mode-current h3").lines().next(), Some("Native"));
}

#[test]
fn no_secret_is_shown() {
    let server = Server::with()
        .variable("llm_api_key", "sk-never-seen")
        .variable("api_token", "open-sesame")
        .start();
    let page = Browser::open(&server, "/settings");
    page.type_into("#token", "open-sesame").keys("Enter");
    page.sees("(set)").sees("llm_api_key").find(".tool");
    page.script("document.querySelectorAll('details').forEach((all) => all.open = true)");
    page.sees("SPIN_VARIABLE_LLM_API_KEY='…'");
    for secret in ["sk-never-seen", "open-sesame"] {
        let html = page.script("return document.documentElement.outerHTML");
        assert!(
            !html.as_str().unwrap().contains(secret),
            "{secret} is in the page"
        );
    }
    page.expect_console_error("401");
}

#[test]
fn packages_can_be_searched() {
    let server = Server::shared();
    let page = Browser::open(server, "/settings");
    let packages = config(server).python.unwrap().image.packages;
    page.has(packages.len(), ".package-list li").sees(&format!(
        "CPython {}",
        config(server).python.unwrap().image.python_version
    ));
    page.type_into("[data-search]", "scikit_L")
        .has(1, ".package-list li")
        .sees(&format!("1 of {} packages", packages.len()))
        .is_at("/settings?q=scikit_L");
    let shown = page.text(".package-list li");
    assert!(shown.contains(&packages["scikit-learn"]), "{shown}");
    page.reload();
    page.has(1, ".package-list li").axe();
    page.type_into("[data-search]", "tensorflow")
        .sees("No package is called that")
        .axe();
}

#[test]
fn what_a_model_is_told_is_there() {
    let page = Browser::open(Server::shared(), "/settings");
    page.click_text("Description").sees("numpy").axe();
    page.click_text("Parameters").sees("\"session_id\"").axe();
}

#[test]
fn what_could_not_be_fetched_is_said_and_fetched_again() {
    let page = Browser::open(Server::shared(), "/api/health");
    page.expect_console_error("favicon.ico");
    page.cut_off(&["*/api/config*"]).go("/settings");
    page.sees("Vivarium does not answer").axe();
    page.cut_off(&[]).click_text("Try again");
    page.find(".setting").lacks("Vivarium does not answer");
    page.expect_console_error("ERR_");
    page.expect_console_error("Failed to fetch");
}
