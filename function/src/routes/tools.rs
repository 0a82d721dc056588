//! `GET /api/tools`: the tool, as the schema that a model is given. `?format=` says which model's.

use api::error::ErrorCode;
use api::tool::{FunctionSchema, Tool, ToolList};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::InForce;
use crate::description;
use crate::error::Refusal;
use crate::extract::Words;
use crate::mcp;
use crate::python::PythonService;
use crate::settings::Settings;

/// `?format=`.
#[derive(Deserialize)]
pub(super) struct Query {
    format: Option<String>,
}

pub(super) async fn list(
    Extension(settings): InForce,
    Words(query): Words<Query>,
) -> Result<Json<Value>, Refusal> {
    let format = query.format.as_deref().unwrap_or("openai");
    let write: fn(FunctionSchema) -> Value = match format {
        "openai" => openai,
        "anthropic" => anthropic,
        "mcp" => |schema| json!({ "tools": mcp::tools::definitions(schema) }),
        other => {
            let other = other.escape_debug();
            let error = format!("invalid format `{other}`: it must be openai, anthropic or mcp");
            return Err(Refusal::new(ErrorCode::BadRequest, error));
        }
    };
    Ok(Json(write(schema(&settings).await?)))
}

/// The tool with what is true now.
pub async fn schema(settings: &Settings) -> Result<FunctionSchema, Refusal> {
    let path = description::path(settings.mode);
    let template = std::fs::read_to_string(path)
        .map_err(|error| Refusal::internal(&format!("{path}: {error}")))?;
    let image = PythonService::new(&settings.python_url)
        .health()
        .await
        .ok()
        .map(|health| health.image);
    Ok(FunctionSchema {
        name: mcp::tools::NAME.to_owned(),
        description: description::describe(&template, settings, image.as_ref()),
        parameters: description::parameters(settings),
    })
}

fn openai(function: FunctionSchema) -> Value {
    let kind = "function".to_owned();
    json!(ToolList {
        tools: vec![Tool { kind, function }],
    })
}

fn anthropic(schema: FunctionSchema) -> Value {
    json!({ "tools": [{
        "name": schema.name,
        "description": schema.description,
        "input_schema": schema.parameters,
    }] })
}
