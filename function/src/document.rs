//! The whole API as an OpenAPI document, made from `api`'s types and the table of operations.
//!
//! It is made natively, by a test, and served as it stands in `openapi.json`: the test fails where that is not what
//! the types say, and writes it anew with `INSTA_UPDATE=always`.

mod e2b;
mod operation;
mod operations;
mod schemas;

use std::collections::BTreeSet;
use std::{env, fs};

use serde_json::{Map, Value, json};

use operation::Operation;
use schemas::Schemas;

const INTRODUCTION: &str = "Vivarium runs Python that language models write, in WebAssembly. An agent needs one route, \
`POST /api/tools/python_coder`; the others are for those who want to see what happened.\n\nTimes are RFC 3339 in UTC, \
durations are seconds, sizes are bytes. Lists come in pages: ask again with `cursor` set to `next_cursor`.\n\nEvery \
answer has the header `X-Request-Id`, which the logs have too.";

fn document() -> Value {
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for operation in operations::all() {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        item[operation.method] = operation.described(&mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Vivarium",
            "version": env!("CARGO_PKG_VERSION"),
            "description": INTRODUCTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "tags": operations::TAGS.map(|(name, description)| json!({ "name": name, "description": description })),
        "paths": paths,
        "components": {
            "headers": { "RequestId": {
                "description": "The request's own `X-Request-Id`, if it is 1 to 128 of `A-Z a-z 0-9 . _ -`, or a new one; \
                                the logs have it too.",
                "schema": { "type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$" },
            } },
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "The value of `api_token`; needed where that is set.",
            } },
            "schemas": schemas.all(),
        },
    })
}

#[test]
fn the_document_is_what_the_types_say() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let mut text = serde_json::to_string_pretty(&document()).unwrap();
    text.push('\n');
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(file, &text).unwrap();
    }
    let kept = fs::read_to_string(file).unwrap_or_default();
    assert!(
        kept == text,
        "openapi.json is not what the types say: run `INSTA_UPDATE=always cargo test -p function document`, \
         and look at what changed"
    );
}

#[test]
fn every_route_is_in_it() {
    let sources = [include_str!("routes.rs"), include_str!("routes/e2b.rs")];
    let routes = sources
        .iter()
        .flat_map(|source| source.split(".route(").skip(1));
    let path = |route: &str| Some(route.split('"').nth(1)?.replace("{*", "{"));
    let routes: BTreeSet<_> = routes.filter_map(path).collect();
    let missing: Vec<_> = routes
        .into_iter()
        // What is for people, and what there is not.
        .filter(|path| {
            !matches!(
                path.as_str(),
                "/" | "/docs"
                    | "/openapi.json"
                    | "/api/{rest}"
                    | "/sandboxes/{id}/{rest}"
                    | "/filesystem.Filesystem/{method}"
                    | "/process.Process/{method}"
            )
        })
        .filter(|path| !operations::all().iter().any(|known| known.path == path))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_operation_has_its_own_id_and_a_known_tag() {
    let ids: BTreeSet<_> = operations::all().iter().map(|known| known.id).collect();
    assert_eq!(ids.len(), operations::all().len());
    let is_known = |known: &Operation| operations::TAGS.iter().any(|(name, _)| *name == known.tag);
    assert!(operations::all().iter().all(is_known));
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let references = text.split("\"#/components/schemas/").skip(1);
    let names: BTreeSet<_> = references
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let schemas = &document["components"]["schemas"];
    let missing: Vec<_> = names
        .into_iter()
        .filter(|name| schemas[name].is_null())
        .collect();
    assert_eq!(missing, [""; 0]);
}
