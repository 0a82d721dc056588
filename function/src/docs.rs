//! The API for people: the OpenAPI document as a page of HTML, without scripts.

use std::fmt::Write as _;

use serde_json::Value;

const STYLE: &str = include_str!("docs/style.css");

/// The page of a document.
pub fn page(document: &str) -> String {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let mut nav = String::new();
    let mut body = String::new();
    for tag in array(&document["tags"]) {
        let (name, about) = (text(&tag["name"]), text(&tag["description"]));
        let _ = write!(nav, "<h2>{name}</h2><ul>");
        let _ = write!(body, "<section><h2>{about}</h2>");
        for (path, method, operation) in operations(&document) {
            if operation["tags"][0] == tag["name"] {
                let id = text(&operation["operationId"]);
                let summary = text(&operation["summary"]);
                let _ = write!(nav, "<li><a href=\"#{id}\">{summary}</a></li>");
                write_operation(&mut body, path, method, operation);
            }
        }
        nav.push_str("</ul>");
        body.push_str("</section>");
    }
    let introduction = paragraphs(&document["info"]["description"]);
    let version = text(&document["info"]["version"]);
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Vivarium's API</title>\
         <meta name=viewport content=\"width=device-width\"><style>{STYLE}</style></head><body>\
         <nav aria-label=Operations><a class=home href=\"/\">Vivarium</a>{nav}</nav><main>\
         <h1>API <small>{version}</small></h1>{introduction}\
         <p>For programs: <a href=\"/openapi.json\">openapi.json</a>.</p>{body}\
         <section><h2>Shapes</h2>{shapes}</section></main></body></html>",
        shapes = shapes(&document["components"]["schemas"]),
    )
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let item = item.as_object().into_iter().flatten();
        item.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

fn write_operation(body: &mut String, path: &str, method: &str, operation: &Value) {
    let id = text(&operation["operationId"]);
    let summary = text(&operation["summary"]);
    let method = method.to_uppercase();
    let _ = write!(
        body,
        "<article id=\"{id}\"><h3><a href=\"#{id}\">{summary}</a></h3><p class=route><b>{method}</b> <code>{path}</code></p>{}",
        paragraphs(&operation["description"]),
        path = escaped(path),
    );
    if let Some(parameters) = operation["parameters"].as_array() {
        body.push_str("<h4>Parameters</h4><dl>");
        for parameter in parameters {
            let name = text(&parameter["name"]);
            let place = text(&parameter["in"]);
            let what = text(&parameter["description"]);
            let schema = kind(&parameter["schema"]);
            let _ = write!(
                body,
                "<dt><code>{name}</code> <small>{place}, {schema}</small></dt><dd>{what}</dd>"
            );
        }
        body.push_str("</dl>");
    }
    if !operation["requestBody"].is_null() {
        body.push_str("<h4>Body</h4>");
        write_content(body, &operation["requestBody"]["content"]);
    }
    body.push_str("<h4>Answers</h4><dl>");
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let what = text(&answer["description"]);
        let _ = write!(body, "<dt><code>{status}</code></dt><dd>{what} ");
        write_content(body, &answer["content"]);
        body.push_str("</dd>");
    }
    body.push_str("</dl></article>");
}

fn write_content(body: &mut String, content: &Value) {
    for (media, described) in content.as_object().into_iter().flatten() {
        let (media, schema) = (escaped(media), kind(&described["schema"]));
        let _ = write!(
            body,
            "<span class=media>{schema} <small>{media}</small></span>"
        );
        if let Some(example) = described.get("example") {
            let example = serde_json::to_string_pretty(example).unwrap_or_default();
            let _ = write!(body, "<pre tabindex=0>{}</pre>", escaped(&example));
        }
    }
}

fn shapes(schemas: &Value) -> String {
    let mut body = String::new();
    for (name, schema) in schemas.as_object().into_iter().flatten() {
        let about = paragraphs(&schema["description"]);
        let _ = write!(
            body,
            "<article id=\"{name}\"><h3><a href=\"#{name}\">{name}</a></h3>{about}"
        );
        let _ = write!(body, "<p>{}</p>", kind(schema));
        write_fields(&mut body, schema);
        body.push_str("</article>");
    }
    body
}

/// What an object holds, or each of several objects.
fn write_fields(body: &mut String, schema: &Value) {
    if let Some(fields) = schema["properties"].as_object() {
        body.push_str("<dl>");
        for (name, field) in fields {
            let required = array(&schema["required"]).any(|required| required == name);
            let missing = if required { "" } else { ", may be missing" };
            let what = paragraphs(described(field));
            let _ = write!(
                body,
                "<dt><code>{name}</code> <small>{}{missing}</small></dt><dd>{what}</dd>",
                kind(field)
            );
        }
        body.push_str("</dl>");
    }
    for part in array(&schema["oneOf"]).chain(array(&schema["allOf"])) {
        body.push_str(&paragraphs(&part["description"]));
        write_fields(body, part);
    }
}

/// The words about a field; one that may be null has them a level below.
fn described(field: &Value) -> &Value {
    match &field["description"] {
        Value::Null => &field["oneOf"][0]["description"],
        words => words,
    }
}

/// What values are of: a type, with links to those that have a name.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if let Some(data) = schema.get("x-data") {
        return format!("events of {}", kind(data));
    }
    if schema["type"] == "array" {
        return format!("list of {}", kind(&schema["items"]));
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words
            .iter()
            .map(|word| format!("<code>{}</code>", text(word)))
            .collect();
        return words.join(" ");
    }
    if !schema["additionalProperties"].is_null() {
        return format!("map to {}", kind(&schema["additionalProperties"]));
    }
    let nullable = array(&schema["oneOf"]).find(|part| part["$ref"].is_string());
    if let Some(part) = nullable {
        return format!("{} or null", kind(part));
    }
    match &schema["type"] {
        Value::String(name) => escaped(name),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Paragraphs of text in which code stands between backticks.
fn paragraphs(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    let paragraphs = text.split("\n\n").filter(|text| !text.is_empty());
    paragraphs
        .map(|text| format!("<p>{}</p>", code(text)))
        .collect()
}

fn text(value: &Value) -> String {
    code(value.as_str().unwrap_or_default())
}

fn code(text: &str) -> String {
    let parts = escaped(text);
    let parts = parts.split('`').enumerate();
    let marked = parts.map(|(at, part)| match at % 2 {
        0 => part.to_owned(),
        _ => format!("<code>{part}</code>"),
    });
    marked.collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
