//! `GET /api/tools`.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::harness::{Server, redacted};

#[test]
fn the_tool_is_described_as_a_function_schema() {
    let tools: Value = Server::shared().http().get("/api/tools").expect(200).json();
    redacted(|| assert_json_snapshot!(tools));
}

#[test]
fn the_schema_comes_as_each_model_wants_it() {
    let tools = |format: &str| -> Value {
        let path = format!("/api/tools?format={format}");
        Server::shared().http().get(&path).expect(200).json()
    };
    let plain: Value = Server::shared().http().get("/api/tools").expect(200).json();
    assert_eq!(tools("openai"), plain);
    let function = &plain["tools"][0]["function"];
    let anthropic = json!({ "tools": [{
        "name": function["name"],
        "description": function["description"],
        "input_schema": function["parameters"],
    }] });
    assert_eq!(tools("anthropic"), anthropic);
    let mcp = tools("mcp");
    assert_eq!(mcp["tools"][0]["name"], "python_coder");
    assert_eq!(mcp["tools"][0]["description"], function["description"]);
    assert_eq!(mcp["tools"][0]["inputSchema"]["required"], json!(["code"]));
    let reply = Server::shared().http().get("/api/tools?format=yaml");
    let reply = reply.refused(400, "bad_request");
    assert!(
        reply.text().contains("openai, anthropic or mcp"),
        "\n{reply}"
    );
}

#[test]
fn the_description_names_only_packages_that_can_be_imported() {
    let server = Server::shared();
    let description = server
        .http()
        .get("/api/tools")
        .expect(200)
        .text()
        .to_owned();
    for (package, module) in [
        ("numpy", "numpy"),
        ("pandas", "pandas"),
        ("matplotlib", "matplotlib.pyplot"),
        ("scipy", "scipy.optimize"),
        ("scikit-learn", "sklearn.linear_model"),
        ("sympy", "sympy"),
        ("statsmodels", "statsmodels.api"),
        ("pillow", "PIL.Image"),
        ("openpyxl", "openpyxl"),
        ("lxml", "lxml.etree"),
    ] {
        assert!(
            description.contains(package),
            "the description does not name {package}: {description}"
        );
        server
            .run(&format!("import {module}; print('imported')"))
            .prints("imported\n");
    }
}

#[test]
fn the_description_tells_the_limits_in_force() {
    let server = Server::with()
        .variable("python_executor_timeout", "17")
        .start();
    let description = server
        .http()
        .get("/api/tools")
        .expect(200)
        .text()
        .to_owned();
    assert!(description.contains("17"), "{description}");
}
